package dev.buildboss.protocol;

import static java.util.Objects.requireNonNull;

/**
 * A cell as the wire names it.
 *
 * @param board the target name, as the peer wrote it
 * @param commitUpto the commit's index in the list that was sent
 */
public record CellRef(String board, int commitUpto) {
    /** Checks the parts. */
    public CellRef {
        requireNonNull(board, "board");
        if (commitUpto < 0) {
            throw new IllegalArgumentException("commitUpto: " + commitUpto);
        }
    }
}
