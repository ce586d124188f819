package dev.buildboss.plan;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import java.util.List;

/**
 * A board that was handed to a worker, with the commits that it still needs.
 *
 * @param id unique in its plan, ascending
 * @param worker who has it
 * @param board the board
 * @param commits indexes of the series, ascending, never empty
 */
public record Grant(long id, String worker, Board board, List<Integer> commits) {
    /** Copies the list. */
    public Grant {
        requireNonNull(worker, "worker");
        requireNonNull(board, "board");
        commits = List.copyOf(commits);
        if (commits.isEmpty()) {
            throw new IllegalArgumentException("a grant of " + board.target() + " without a commit");
        }
    }
}
