package dev.buildboss.protocol.stream;

import java.util.Arrays;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts chunks of bytes into lines: the pure part of {@link LineFramer}.
 *
 * <p>Each byte is looked at once and copied a bounded number of times, whatever the chunks' size: only new bytes are scanned,
 * and the beginning of a line that is not complete is kept in an array that doubles. (Pekko's own framing scans a partial
 * line again with each chunk, which is quadratic.) It holds one chunk and at most {@code maxLine} bytes of an incomplete
 * line. Not safe for threads.
 */
final class LineBuffer {

    private static final byte[] EMPTY = {};
    private static final int FIRST_CAPACITY = 512;

    private final int maxLine;

    private byte[] chunk = EMPTY;
    private int position;

    private byte[] partial = EMPTY;
    private int partialSize;

    /** Length so far of a line that is being discarded; 0: none is. Its first bytes are in {@code partial}. */
    private long discarding;

    private long copiedBytes;

    LineBuffer(int maxLine) {
        if (maxLine < 1) {
            throw new IllegalArgumentException("maxLine: " + maxLine);
        }
        this.maxLine = maxLine;
    }

    /** Takes the next chunk; only once {@link #next} has nothing more. The array is not changed, but held. */
    void add(ByteString bytes) {
        if (position != chunk.length) {
            throw new IllegalStateException("the last chunk is not used up");
        }
        chunk = bytes.toArrayUnsafe();
        position = 0;
    }

    /** The next line of the chunk; empty when more bytes are needed. */
    Optional<Line> next() {
        int start = position;
        int end = start;
        byte[] bytes = chunk;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        if (end == bytes.length) {
            keep(start, end);
            chunk = EMPTY;
            position = 0;
            return Optional.empty();
        }
        position = end + 1;
        if (discarding == 0 && partialSize == 0 && end - start <= maxLine) {
            return Optional.of(new Line.Whole(ByteString.fromArrayUnsafe(Arrays.copyOfRange(bytes, start, end))));
        }
        keep(start, end);
        return Optional.of(take(false));
    }

    /** What is left when no more bytes will come. */
    Optional<Line> last() {
        return discarding == 0 && partialSize == 0 ? Optional.empty() : Optional.of(take(true));
    }

    /** Whether every byte has come out. */
    boolean isEmpty() {
        return position == chunk.length && partialSize == 0 && discarding == 0;
    }

    private void keep(int start, int end) {
        int added = end - start;
        if (discarding > 0) {
            discarding += added;
            return;
        }
        if ((long) partialSize + added > maxLine) {
            discarding = (long) partialSize + added;
            int missing = Math.min(added, LineFramer.HEAD_BYTES - Math.min(partialSize, LineFramer.HEAD_BYTES));
            append(start, missing);
            partialSize = Math.min(partialSize, LineFramer.HEAD_BYTES);
            partial = Arrays.copyOf(partial, partialSize); // lets the long array go
            return;
        }
        append(start, added);
    }

    private void append(int start, int length) {
        if (length == 0) {
            return;
        }
        int needed = partialSize + length;
        if (needed > partial.length) {
            long doubled = Math.max(FIRST_CAPACITY, 2L * partial.length);
            partial = Arrays.copyOf(partial, (int) Math.max(needed, Math.min(doubled, maxLine)));
            copiedBytes += partialSize;
        }
        copiedBytes += length;
        System.arraycopy(chunk, start, partial, partialSize, length);
        partialSize = needed;
    }

    /** Memory of the incomplete line. */
    int heldBytes() {
        return partial.length;
    }

    /** Bytes copied into the memory of incomplete lines, so far. */
    long copiedBytes() {
        return copiedBytes;
    }

    private Line take(boolean atEnd) {
        ByteString bytes = ByteString.fromArrayUnsafe(
                partialSize == partial.length ? partial : Arrays.copyOf(partial, partialSize));
        long discarded = discarding;
        partial = EMPTY;
        partialSize = 0;
        discarding = 0;
        if (discarded > 0) {
            return new Line.TooLong(bytes, discarded);
        }
        return atEnd ? new Line.Unterminated(bytes) : new Line.Whole(bytes);
    }
}
