package dev.buildboss.report.timeline;

import static java.util.Objects.requireNonNull;

/**
 * A stretch of time in which a machine, or one of its threads, did one thing.
 *
 * @param machine its name
 * @param slot the thread, from 1; 0: the machine itself, on its way to building
 * @param board what was built; empty for the machine itself
 * @param hash the commit; empty for the machine itself, and for what ended without a result
 * @param beginMs from when, in ms from the run's start: for a board's first commit from when it went out
 * @param endMs until when
 * @param what the outcome ({@code ok}, {@code warning}, {@code failed}, {@code not-built}, {@code requeued}; {@code given-back}: begun, and built
 *     elsewhere) or the machine's state
 * @param phase which part of a cell's time
 */
public record Slice(
        String machine, int slot, String board, String hash, long beginMs, long endMs, String what, Phase phase) {

    /** A part of a cell's time. */
    public enum Phase {
        /** All of it, or what is no cell's. */
        WHOLE,
        /** Its way to the machine, the checkout, waiting. */
        PREPARE,
        /** The commands that configure. */
        CONFIGURE,
        /** The commands that build, and what comes after. */
        BUILD
    }

    /** All of a cell's time. */
    public Slice(String machine, int slot, String board, String hash, long beginMs, long endMs, String what) {
        this(machine, slot, board, hash, beginMs, endMs, what, Phase.WHOLE);
    }

    /** Checks the parts. */
    public Slice {
        requireNonNull(machine, "machine");
        requireNonNull(board, "board");
        requireNonNull(hash, "hash");
        requireNonNull(what, "what");
        requireNonNull(phase, "phase");
        if (slot < 0 || beginMs < 0 || endMs < beginMs) {
            throw new IllegalArgumentException("slot " + slot + " from " + beginMs + " to " + endMs + " ms");
        }
    }
}
