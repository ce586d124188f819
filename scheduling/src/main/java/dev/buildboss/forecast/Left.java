package dev.buildboss.forecast;

import java.util.HashMap;
import java.util.Map;

/** Work that is left, in core-seconds, by commit and by board. */
final class Left {
    private final double[] byCommit;
    private final Map<String, Double> byBoard = new HashMap<>();
    private double inWork;
    private double waits;
    private double squares;
    private double lastOff;
    private int cells;

    Left(int commits) {
        byCommit = new double[commits];
    }

    /** What is left of a cell that is being built, and how far that may be off. */
    void add(String board, double work, double off) {
        byBoard.merge(board, off, Double::sum);
        inWork += work;
        cells++;
    }

    /** A cell that its machine builds later; {@code spread} is that of its board. */
    void add(String board, int commit, double work, double spread) {
        byCommit[commit] += work;
        add(board, work, work * spread);
    }

    /** The cell that is being built may be off by so many seconds. */
    void present(double seconds) {
        lastOff = Math.max(lastOff, seconds);
    }

    void firsts(double work) {
        waits += work;
    }

    void wait(int commit, double work) {
        byCommit[commit] += work;
        waits += work;
    }

    void waitingCells(int count, double squaresOfBoards) {
        cells += count;
        squares = squaresOfBoards;
    }

    double waiting() {
        return waits;
    }

    double total() {
        return inWork + waits;
    }

    double at(int commit) {
        return byCommit[commit];
    }

    /** By how much each board that is out may be off. */
    Map<String, Double> boards() {
        return byBoard;
    }

    double squares() {
        return squares;
    }

    /** By how many seconds the cell may be off that is likely to be the last. */
    double lastOff() {
        return lastOff;
    }

    int cells() {
        return cells;
    }
}
