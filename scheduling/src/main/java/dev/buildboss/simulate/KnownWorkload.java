package dev.buildboss.simulate;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Estimates.Work;
import java.util.List;

/** Another workload, of which a scheduler knows something else. */
final class KnownWorkload extends Workload {

    private final Workload real;
    private final Estimates known;

    KnownWorkload(Workload real, Estimates known) {
        this.real = real;
        this.known = requireNonNull(known, "known");
    }

    @Override
    public List<Board> boards() {
        return real.boards();
    }

    @Override
    public int boardCount() {
        return real.boardCount();
    }

    @Override
    public int commits() {
        return real.commits();
    }

    @Override
    public Work first(int board, int commit) {
        return real.first(board, commit);
    }

    @Override
    public Work next(int board, int commit) {
        return real.next(board, commit);
    }

    @Override
    public Estimates estimates() {
        return known;
    }

    @Override
    int number(Board board) {
        return real.number(board);
    }

    @Override
    boolean isBuilt(Cell cell) {
        return real.isBuilt(cell);
    }
}
