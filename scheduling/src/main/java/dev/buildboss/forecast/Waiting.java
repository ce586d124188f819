package dev.buildboss.forecast;

import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Cells that nobody has and that have no outcome, with their estimated work by commit. */
final class Waiting {

    private final Estimates estimates;
    private final Map<String, Board> boards = new HashMap<>();
    private final Map<String, BitSet> cells = new HashMap<>();
    private final double[] byCommit;
    private final double[] firsts;
    private final ToDoubleFunction<String> spread;
    private double squares;
    private int count;
    private int waitingBoards;

    /**
     * All that is to be built waits.
     *
     * @param open what that is, of each board
     * @param spread how far the estimates of a board are off
     */
    Waiting(Map<Board, BitSet> open, int commits, Estimates estimates, ToDoubleFunction<String> spread) {
        this.estimates = estimates;
        this.spread = spread;
        this.firsts = new double[commits];
        this.byCommit = new double[commits];
        open.forEach((board, which) -> {
            boards.put(board.target(), board);
            cells.put(board.target(), (BitSet) which.clone());
            count(board, which, 1);
        });
    }

    Optional<Board> board(String name) {
        return Optional.ofNullable(boards.get(name));
    }

    /** The first of a board's cells is built from the beginning, the others after it; the mean is above the middle by the spread. */
    private void count(Board board, BitSet open, int sign) {
        double total = 0;
        double ofBoard = spread.applyAsDouble(board.target());
        double mean = Math.exp(ofBoard * ofBoard / 2);
        int first = open.nextSetBit(0);
        for (int commit = first; commit >= 0; commit = open.nextSetBit(commit + 1)) {
            double cost =
                    mean * (commit == first ? estimates.first(board, commit) : estimates.next(board, commit)).total();
            double[] sums = commit == first ? firsts : byCommit;
            sums[commit] = Math.max(0, sums[commit] + sign * cost);
            total += cost;
        }
        squares = Math.max(0, squares + sign * total * total * ofBoard * ofBoard);
        count += sign * open.cardinality();
        waitingBoards += first < 0 ? 0 : sign;
    }

    /** The last so many of a board's cells; all, if there are no more. */
    BitSet last(String name, int most) {
        BitSet open = (BitSet) cells.getOrDefault(name, new BitSet()).clone();
        while (open.cardinality() > most) {
            open.clear(open.nextSetBit(0));
        }
        return open;
    }

    /** These are somebody's now, or have an outcome. */
    void remove(String name, BitSet gone) {
        change(name, gone, false);
    }

    /** These are nobody's again. */
    void add(String name, BitSet back) {
        change(name, back, true);
    }

    private void change(String name, BitSet which, boolean waits) {
        Board board = boards.get(name);
        BitSet open = cells.get(name);
        if (board != null && open != null) {
            count(board, open, -1);
            if (waits) {
                open.or(which);
            } else {
                open.andNot(which);
            }
            count(board, open, 1);
        }
    }

    /** The estimated work of builds after a commit, in core-seconds. */
    double work(int commit) {
        return byCommit[commit];
    }

    /** The estimated work of builds of a commit from the beginning, in core-seconds. */
    double firsts(int commit) {
        return firsts[commit];
    }

    /** The sum of the squares by which boards' work is off. */
    double squares() {
        return squares;
    }

    /** How many boards have cells that wait. */
    int boards() {
        return waitingBoards;
    }

    int count() {
        return count;
    }
}
