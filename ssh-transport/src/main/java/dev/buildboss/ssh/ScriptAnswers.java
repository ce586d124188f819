package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** The answer in what a finished script wrote. */
final class ScriptAnswers {

    private ScriptAnswers() {}

    /** Without an answer: the last words of the command, and its status. */
    static Answer of(RemoteRunner.Result result, String nonce) {
        try {
            Answer answer =
                    AnswerReader.read(new ByteArrayInputStream(result.out().getBytes(UTF_8)), nonce);
            return answer.is("") ? without(result) : answer;
        } catch (IOException e) {
            return without(result);
        }
    }

    private static Answer without(RemoteRunner.Result result) {
        return new Answer("", "the script there ended with status " + result.status(), List.of(result.lastWords()));
    }
}
