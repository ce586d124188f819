package dev.buildboss.forecast;

import dev.buildboss.history.CostModel;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How sure a forecast is. Its constants come from simulated runs ({@code ForecastTest} holds the result: of runs that said 80 %, 80 %
 * end in it).
 */
final class Uncertainty {

    /** Four of five values of a normal distribution are within so many standard deviations. */
    private static final double EIGHTY = 1.2816;

    /** All estimates of a run together: with nothing built before, for boards that were never built, and for known ones. */
    private static final double ALL_NOTHING = 0.7;

    private static final double ALL_NEW = 0.35;
    private static final double ALL_KNOWN = 0.10;

    /** How much of what the longest machine has beyond the level is not taken over by others. */
    private static final double NOT_EVENED_OUT = 0.5;

    /** Idle cores between boards and at the end, as a part of the time, and of the longest cell's. */
    private static final double IDLE = 0.03;

    /** The part of the longest cell's time by which the end is uncertain, whatever is known. */
    private static final double LAST_CELL = 1.0;

    private static final double LONGEST_OF_SEVERAL = 1.2;

    /** The part of a board that only one core works at. */
    private static final double SERIAL = 0.2;

    /** What is never known: how placement goes. */
    private static final double ALWAYS = 0.08;

    /** What the normal distribution leaves out: runs end late more often than it says, the more so if nothing is known. */
    private static final double WIDER = 1.22;

    private static final double WIDER_NOTHING = 1.6;

    /** No spread is taken to be wider. */
    private static final double MOST = 0.8;

    private final LearntEstimates estimates;
    private final double ofAll;
    private final double ofCell;
    private final double wider;
    private final Map<String, Double> ofBoards = new HashMap<>();

    /** {@code open}: boards of which anything is to be built; what is known of the others makes nothing surer. */
    Uncertainty(LearntEstimates estimates, Set<Board> open) {
        this.estimates = estimates;
        CostModel model = estimates.model();
        double known = 0;
        for (Board board : open) {
            known += model.basis(board) == CostModel.Basis.BOARD ? 1 : 0;
            ofBoards.put(board.target(), Math.min(MOST, model.spread(board)));
        }
        known /= Math.max(1, open.size());
        ofAll = model.builds() == 0
                ? ALL_NOTHING
                : Math.sqrt(known * ALL_KNOWN * ALL_KNOWN + (1 - known) * ALL_NEW * ALL_NEW);
        wider = model.builds() == 0 ? WIDER_NOTHING : WIDER;
        ofCell = Math.min(MOST, model.spreadOfCell());
    }

    double spreadOfBoard(String board) {
        return ofBoards.getOrDefault(board, MOST);
    }

    private double spreadOfCommit(int commit) {
        return Math.min(MOST, estimates.model().spreadOf(estimates.commits().get(commit)));
    }

    Errors errors() {
        return new Errors(ofAll, this::spreadOfCommit, this::spreadOfBoard, ofCell);
    }

    /**
     * The expected end.
     *
     * @param level when all machines would end if boards could be poured
     * @param longest when the longest of them does
     * @param off by how many seconds the last board may be off: it is the longest of several
     */
    double end(double level, double longest, double off) {
        return level * (1 + IDLE) + NOT_EVENED_OUT * Math.max(0, longest - level) + LONGEST_OF_SEVERAL * off;
    }

    /** By how many seconds a board that waits may be off, on a machine of the usual size. */
    double ofWaiting(Left left, int boards, List<double[]> ends) {
        double capacity = ends.stream().mapToDouble(end -> end[1]).average().orElse(1);
        double work = Math.sqrt(left.squares() / Math.max(1, boards));
        return work * (SERIAL + (1 - SERIAL) / Math.max(1, capacity));
    }

    /** How far the end may be off, as a factor's logarithm: four of five are within. */
    double spread(Left left, Errors errors, double seconds) {
        double total = left.total();
        double variance = errors.varianceOfAll();
        for (int commit = 0; commit < estimates.commits().size(); commit++) {
            variance += square(left.at(commit) / total) * errors.varianceOfCommit(commit);
        }
        for (double off : left.boards().values()) {
            variance += square(off / total);
        }
        variance += errors.scale() * (left.squares() / square(total) + square(ofCell) / Math.max(1, left.cells()));
        variance += square(LAST_CELL * left.lastOff() / Math.max(1e-3, seconds)) + square(ALWAYS);
        return EIGHTY * wider * Math.sqrt(variance);
    }

    private static double square(double value) {
        return value * value;
    }
}
