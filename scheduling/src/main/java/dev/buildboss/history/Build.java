package dev.buildboss.history;

import static java.util.Objects.requireNonNull;

/**
 * How long one cell took.
 *
 * @param board its board
 * @param arch the board's architecture
 * @param commit the commit's hash
 * @param machine where it was built; {@code local} for this computer
 * @param first whether it was the first of its board there: configured and built from the beginning
 * @param seconds from the result before it, or from the board's start, to its result
 * @param sharing boards that the machine was building meanwhile, this one included
 * @param at when it ended, in seconds since 1970
 */
public record Build(
        String board, String arch, String commit, String machine, boolean first, double seconds, int sharing, long at) {
    /** Checks the parts. */
    public Build {
        requireNonNull(board, "board");
        requireNonNull(arch, "arch");
        requireNonNull(commit, "commit");
        requireNonNull(machine, "machine");
        if (!(seconds >= 0) || Double.isInfinite(seconds) || sharing < 1) {
            throw new IllegalArgumentException(board + ": " + seconds + " s, shared by " + sharing);
        }
    }
}
