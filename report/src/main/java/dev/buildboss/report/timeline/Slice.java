package dev.buildboss.report.timeline;

import static java.util.Objects.requireNonNull;

/**
 * A stretch of time in which a machine, or one of its threads, did one thing.
 *
 * @param machine its name
 * @param slot the thread, from 1; 0: the machine itself, on its way to building
 * @param board what was built; empty for the machine itself
 * @param hash the commit; empty for the machine itself, and for what ended without a result
 * @param beginMs from when, in ms from the run's start: for a board's first commit from when it went out, so that its transfer and
 *     configuration are in it
 * @param endMs until when
 * @param what the outcome ({@code ok}, {@code warning}, {@code failed}, {@code not-built}, {@code requeued}) or the machine's state
 */
public record Slice(String machine, int slot, String board, String hash, long beginMs, long endMs, String what) {
    /** Checks the parts. */
    public Slice {
        requireNonNull(machine, "machine");
        requireNonNull(board, "board");
        requireNonNull(hash, "hash");
        requireNonNull(what, "what");
        if (slot < 0 || beginMs < 0 || endMs < beginMs) {
            throw new IllegalArgumentException("slot " + slot + " from " + beginMs + " to " + endMs + " ms");
        }
    }
}
