package dev.buildboss.ssh;

import java.util.List;

/**
 * A script's one line of answer.
 *
 * @param word {@code ok}, {@code missing}, {@code failed}, or empty if the script ended without an answer
 * @param rest what follows the word
 * @param noise the last lines that came before it
 */
record Answer(String word, String rest, List<String> noise) {

    Answer {
        noise = List.copyOf(noise);
    }

    boolean is(String expected) {
        return word.equals(expected);
    }

    /** The words of the rest. */
    List<String> words() {
        return List.of(rest.strip().split(" +", -1));
    }

    /** Why it isn't ok, in the machine's own words. */
    String reason() {
        String said = String.join("; ", noise);
        return rest.isEmpty() ? said : said.isEmpty() ? rest : rest + " (" + said + ")";
    }
}
