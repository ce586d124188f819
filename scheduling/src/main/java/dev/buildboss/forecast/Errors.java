package dev.buildboss.forecast;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * By how much the estimates of a run turn out to be off, as logarithms: all of them together, those of each commit and those of each
 * board. Each mean is drawn to 0 by what was expected of it, and what is known to vary more says less.
 */
final class Errors {

    /** Weighed values. */
    private static final class Sum {
        private double weight;
        private double value;

        void add(double moreWeight, double of) {
            weight += moreWeight;
            value += moreWeight * of;
        }
    }

    /** A cell that takes twenty times more or less than expected says no more than one that takes five times. */
    private static final double MOST = Math.log(5);

    private static final double LEAST_SPREAD = 0.02;

    /** Cells' worth of what is expected of the spread itself. */
    private static final double OF_SPREAD = 8;

    private final double spreadOfAll;
    private final double spreadOfCell;
    private final IntToDoubleFunction spreadOfCommit;
    private final ToDoubleFunction<String> spreadOfBoard;
    private final Sum all = new Sum();
    private Sum overdue = new Sum();
    private final Map<Integer, Sum> commits = new HashMap<>();
    private final Map<String, Sum> boards = new HashMap<>();
    /** Squares of how far values are off, in squares of how far they were expected to be. */
    private final Sum squares = new Sum();

    /**
     * No errors yet; all spreads are standard deviations.
     *
     * @param spreadOfAll how far all are expected to be off together
     * @param spreadOfCommit how far those of a commit are beside that
     * @param spreadOfBoard how far those of a board are beside that
     * @param spreadOfCell how far single cells are beside all that
     */
    Errors(
            double spreadOfAll,
            IntToDoubleFunction spreadOfCommit,
            ToDoubleFunction<String> spreadOfBoard,
            double spreadOfCell) {
        this.spreadOfAll = spreadOfAll;
        this.spreadOfCommit = spreadOfCommit;
        this.spreadOfBoard = spreadOfBoard;
        this.spreadOfCell = spreadOfCell;
        squares.add(OF_SPREAD, 1);
    }

    private static double square(double value) {
        return Math.max(LEAST_SPREAD * LEAST_SPREAD, value * value);
    }

    /**
     * A cell took that many times what was expected.
     *
     * @param afresh whether it was built from the beginning: that says nothing of what its commit costs others
     */
    void add(String board, int commit, boolean afresh, double ratio) {
        double log = Math.max(-MOST, Math.min(MOST, Math.log(Math.max(1e-3, ratio))));
        double ofBoard = square(spreadOfBoard.applyAsDouble(board));
        double ofCommit = afresh ? 0 : square(spreadOfCommit.applyAsDouble(commit));
        double cell = square(afresh ? 0 : spreadOfCell);
        double beside = log - mean();
        squares.add(1, beside * beside / (ofBoard + ofCommit + cell));
        all.add(1 / (ofBoard + ofCommit + cell), log);
        if (!afresh) {
            commits.computeIfAbsent(commit, index -> new Sum()).add(1 / (ofBoard + cell), beside);
            beside -= ofCommit(commit);
        }
        boards.computeIfAbsent(board, name -> new Sum())
                .add(1 / (cell + ofCommit * left(commits.get(commit), spreadOfCommit.applyAsDouble(commit))), beside);
    }

    /** Begins to count anew what is {@link #overdue}. */
    void countOverdue() {
        overdue = new Sum();
    }

    /** A cell that is not through took so many times what was expected: a run whose cells all do must not wait for their end to say so. */
    void overdue(String board, double ratio) {
        overdue.add(
                1 / (square(spreadOfBoard.applyAsDouble(board)) + square(spreadOfCell)),
                Math.min(MOST, Math.log(Math.max(1, ratio))));
    }

    private double mean() {
        return (all.value + overdue.value) / (all.weight + overdue.weight + 1 / square(spreadOfAll));
    }

    private static double mean(@org.jspecify.annotations.Nullable Sum sum, double spread) {
        return sum == null ? 0 : sum.value / (sum.weight + 1 / square(spread));
    }

    private static double left(@org.jspecify.annotations.Nullable Sum sum, double spread) {
        double expected = 1 / square(spread);
        return sum == null ? 1 : expected / (expected + sum.weight);
    }

    private double ofCommit(int commit) {
        return mean(commits.get(commit), spreadOfCommit.applyAsDouble(commit));
    }

    /** How many times its estimate a cell is expected to take now: the mean, which of what varies is above the middle. */
    double factor(String board, int commit, boolean afresh) {
        return Math.exp(log(board, commit, afresh) + variance(board, commit, afresh) / 2);
    }

    /** The middle of that, as a logarithm. */
    double log(String board, int commit, boolean afresh) {
        double log = mean() + mean(boards.get(board), spreadOfBoard.applyAsDouble(board));
        return afresh ? log : log + ofCommit(commit);
    }

    /** The variance of that. */
    double variance(String board, int commit, boolean afresh) {
        double own = ownVariance(board, afresh);
        return afresh ? own : own + varianceOfCommit(commit);
    }

    /** The part of it that is a board's own, and not all boards' at that commit. */
    double ownVariance(String board, boolean afresh) {
        return varianceOfBoard(board) + (afresh ? 0 : scale() * square(spreadOfCell));
    }

    /** The same for boards of which no cell was built; the spread of each of them counts already. */
    double factor(int commit, boolean afresh) {
        return Math.exp(mean() + (afresh ? 0 : ofCommit(commit) + varianceOfCommit(commit) / 2));
    }

    /** How much wider or narrower errors are spread than was expected; of squares. */
    double scale() {
        return squares.value / squares.weight;
    }

    /** What is left of variances after what was seen. */
    double varianceOfAll() {
        return square(spreadOfAll) * left(all, spreadOfAll);
    }

    double varianceOfCommit(int commit) {
        double spread = spreadOfCommit.applyAsDouble(commit);
        return scale() * square(spread) * left(commits.get(commit), spread);
    }

    double varianceOfBoard(String board) {
        double spread = spreadOfBoard.applyAsDouble(board);
        return scale() * square(spread) * left(boards.get(board), spread);
    }
}
