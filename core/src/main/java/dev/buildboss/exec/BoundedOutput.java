package dev.buildboss.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Keeps the beginning and the end of what a program writes; the middle of much output is cut, with a marker. */
final class BoundedOutput {
    private final int half;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    private byte[] tail = new byte[0];
    private long tailTotal;

    BoundedOutput(long maxBytes) {
        this.half = (int) Math.max(1, Math.min(Integer.MAX_VALUE / 4, maxBytes / 2));
    }

    void add(byte[] bytes, int length) {
        int toHead = Math.min(length, half - head.size());
        head.write(bytes, 0, toHead);
        for (int at = toHead; at < length; ) {
            growTail(length - at);
            int position = (int) (tailTotal % tail.length);
            int part = Math.min(length - at, tail.length - position);
            System.arraycopy(bytes, at, tail, position, part);
            at += part;
            tailTotal += part;
        }
    }

    /** The ring grows by doubling up to its bound; it is only ever full, and so wraps, at the bound. */
    private void growTail(int more) {
        long needed = Math.min(half, tailTotal + more);
        if (needed > tail.length) {
            byte[] larger = new byte[(int) Math.min(half, Math.max(needed, 2L * tail.length))];
            System.arraycopy(tail, 0, larger, 0, (int) tailTotal);
            tail = larger;
        }
    }

    String text() {
        if (tailTotal == 0) {
            return head.toString(UTF_8);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(head.size() + tail.length + 80);
        all.writeBytes(head.toByteArray());
        if (tailTotal <= tail.length) {
            all.write(tail, 0, (int) tailTotal);
        } else {
            all.writeBytes(("\n[... " + (tailTotal - tail.length) + " bytes cut ...]\n").getBytes(UTF_8));
            int start = (int) (tailTotal % tail.length);
            all.write(tail, start, tail.length - start);
            all.write(tail, 0, start);
        }
        return all.toString(UTF_8);
    }
}
