package dev.buildboss.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure part of the framer, chunk by chunk. */
class LineFramerTest {

    private static final int LIMIT = 1000;

    /** Cuts a whole input in one go, by the definition. */
    private static List<Line> expected(byte[] input) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < input.length; i++) {
            if (input[i] == '\n') {
                lines.add(line(input, start, i, false));
                start = i + 1;
            }
        }
        if (start < input.length) {
            lines.add(line(input, start, input.length, true));
        }
        return lines;
    }

    private static Line line(byte[] input, int start, int end, boolean atEnd) {
        int length = end - start;
        if (length > LIMIT) {
            return new Line.TooLong(ByteString.fromArray(input, start, LineFramer.HEAD_BYTES), length);
        }
        ByteString bytes = ByteString.fromArray(input, start, length);
        return atEnd ? new Line.Unterminated(bytes) : new Line.Whole(bytes);
    }

    private static List<Line> framed(byte[] input, Random chunks, int maxChunk) {
        LineBuffer buffer = new LineBuffer(LIMIT);
        List<Line> lines = new ArrayList<>();
        for (int from = 0; from < input.length; ) {
            int size = Math.min(input.length - from, chunks.nextInt(maxChunk + 1));
            buffer.add(ByteString.fromArray(input, from, size));
            from += size;
            for (Optional<Line> line = buffer.next(); line.isPresent(); line = buffer.next()) {
                lines.add(line.get());
            }
        }
        buffer.last().ifPresent(lines::add);
        assertTrue(buffer.isEmpty());
        return lines;
    }

    private static byte[] randomInput(Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int lines = random.nextInt(12);
        for (int i = 0; i < lines; i++) {
            int length = switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> LIMIT - 1 + random.nextInt(3); // just below, at and over the limit
                case 2 -> LIMIT + random.nextInt(5 * LIMIT);
                case 3 -> LineFramer.HEAD_BYTES - 1 + random.nextInt(3);
                default -> random.nextInt(80);
            };
            for (int at = 0; at < length; at++) {
                int value = random.nextInt(256);
                bytes.write(value == '\n' ? 'x' : value);
            }
            if (i < lines - 1 || random.nextBoolean()) {
                bytes.write('\n');
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 500, 999, 1000, 1001, 100_000})
    void cutsTheSameLinesWhateverTheChunks(int maxChunk) {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] input = randomInput(random);
            assertEquals(expected(input), framed(input, random, maxChunk), "seed " + seed);
        }
    }

    @Test
    void goesOnAfterALineThatIsTooLong() {
        byte[] input = ("x".repeat(10 * LIMIT) + "\nnext\n").getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                List.of(
                        new Line.TooLong(ByteString.fromString("x".repeat(LineFramer.HEAD_BYTES)), 10L * LIMIT),
                        new Line.Whole(ByteString.fromString("next"))),
                framed(input, new Random(1), 100));
    }

    @Test
    void keepsNoMoreThanTheHeadOfALineThatIsDiscarded() {
        LineBuffer buffer = new LineBuffer(LIMIT);
        ByteString chunk = ByteString.fromString("x".repeat(128));
        for (int i = 0; i < 100_000; i++) {
            buffer.add(chunk);
            assertEquals(Optional.empty(), buffer.next());
            assertTrue(buffer.heldBytes() <= LIMIT, "held " + buffer.heldBytes());
        }
        assertEquals(LineFramer.HEAD_BYTES, buffer.heldBytes());
        assertEquals(12_800_000L, ((Line.TooLong) buffer.last().orElseThrow()).length());
    }

    @Test
    void copiesEachByteOfALongLineAFewTimesOnly() {
        LineBuffer buffer = new LineBuffer(16 << 20);
        ByteString chunk = ByteString.fromString("x".repeat(128));
        for (int i = 0; i < (15 << 20) / 128; i++) {
            buffer.add(chunk);
            assertEquals(Optional.empty(), buffer.next());
        }
        // Doubling from a few hundred bytes: copies add up to less than twice the line.
        assertTrue(buffer.copiedBytes() < 3L * (15 << 20), "copied " + buffer.copiedBytes());
    }
}
