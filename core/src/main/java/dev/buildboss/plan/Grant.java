package dev.buildboss.plan;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.Confirmation;
import java.util.List;
import java.util.Optional;

/**
 * A board that was handed to a worker, with the commits that it still needs.
 *
 * @param id unique in its plan, ascending
 * @param worker who has it
 * @param board the board
 * @param commits indexes of the series, ascending, never empty
 * @param confirms what is known of the failure that this grant is to confirm: if somebody built it elsewhere, only whether it
 *     fails again is asked; empty: none
 */
public record Grant(long id, String worker, Board board, List<Integer> commits, Optional<Confirmation> confirms) {
    /** Of cells that are built for the first time. */
    public Grant(long id, String worker, Board board, List<Integer> commits) {
        this(id, worker, board, commits, Optional.empty());
    }

    /** Copies the list. */
    public Grant {
        requireNonNull(worker, "worker");
        requireNonNull(board, "board");
        commits = List.copyOf(commits);
        requireNonNull(confirms, "confirms");
        if (commits.isEmpty()) {
            throw new IllegalArgumentException("a grant of " + board.target() + " without a commit");
        }
    }
}
