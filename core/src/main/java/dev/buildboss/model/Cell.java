package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

/**
 * One board at one commit: the unit that is built once and ends in exactly one outcome.
 *
 * @param board the board's target name
 * @param commit the index of the commit in the run's series, from 0
 */
public record Cell(String board, int commit) {

    /** Refuses negative indexes. */
    public Cell {
        requireNonNull(board, "board");
        if (commit < 0) {
            throw new IllegalArgumentException("negative commit index " + commit + " for board " + board);
        }
    }
}
