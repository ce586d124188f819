package dev.buildboss.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads a script's output up to its answer, and not a byte further. */
final class AnswerReader {

    private static final int MAX_NOISE_BYTES = 256 * 1024;
    private static final int KEPT_LINES = 3;
    private static final int KEPT_CHARS = 300;

    private AnswerReader() {}

    /** At the end of the stream the word is empty; more noise than a login makes is an error. */
    static Answer read(InputStream in, String nonce) throws IOException {
        String prefix = Scripts.MARKER + " " + nonce + " ";
        Deque<String> noise = new ArrayDeque<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = 0; read < MAX_NOISE_BYTES; read++) {
            int b = in.read();
            if (b != '\n' && b >= 0) {
                line.write(b);
                continue;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            int at = text.indexOf(prefix);
            if (at >= 0) {
                String[] words = text.substring(at + prefix.length()).strip().split(" ", 2);
                return new Answer(words[0], words.length > 1 ? words[1] : "", List.copyOf(noise));
            }
            if (!text.isBlank()) {
                noise.add(plain(text));
                if (noise.size() > KEPT_LINES) {
                    noise.remove();
                }
            }
            if (b < 0) {
                return new Answer("", "", List.copyOf(noise));
            }
        }
        throw new IOException("the login there writes more than " + MAX_NOISE_BYTES + " bytes before the command runs");
    }

    /** One line without control characters, for messages. */
    static String plain(String text) {
        String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.length() > KEPT_CHARS ? clean.substring(0, KEPT_CHARS) + "…" : clean;
    }
}
