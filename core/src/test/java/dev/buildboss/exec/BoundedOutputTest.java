package dev.buildboss.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedOutputTest {

    private static String kept(String text, long max, int chunk) {
        BoundedOutput output = new BoundedOutput(max);
        byte[] bytes = text.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += chunk) {
            int length = Math.min(chunk, bytes.length - at);
            byte[] piece = new byte[length];
            System.arraycopy(bytes, at, piece, 0, length);
            output.add(piece, length);
        }
        return output.text();
    }

    @Test
    void keepsWhatFitsWhole() {
        assertThat(kept("0123456789", 10, 3)).isEqualTo("0123456789");
        assertThat(kept("", 10, 3)).isEmpty();
    }

    @Test
    void cutsTheMiddleWithAMarker() {
        assertThat(kept("0123456789abcdefghij", 8, 3)).isEqualTo("0123\n[... 12 bytes cut ...]\nghij");
    }

    @Test
    void keepsBeginningAndEndWhateverTheChunks() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            int max = 2 * (1 + random.nextInt(40));
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            String all = text.toString();
            String kept = kept(all, max, 1 + random.nextInt(50));
            if (all.length() <= max) {
                assertThat(kept).isEqualTo(all);
            } else {
                assertThat(kept)
                        .startsWith(all.substring(0, max / 2) + "\n[... " + (all.length() - max) + " bytes cut")
                        .endsWith("]\n" + all.substring(all.length() - max / 2));
            }
        }
    }

    @Test
    void turnsBytesThatAreNoTextIntoReplacementCharacters() {
        BoundedOutput output = new BoundedOutput(100);
        output.add(new byte[] {'a', (byte) 0xff, 'b'}, 3);
        assertThat(output.text()).isEqualTo("a\uFFFDb");
    }
}
