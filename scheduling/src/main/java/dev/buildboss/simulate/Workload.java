package dev.buildboss.simulate;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Estimates.Work;
import java.util.List;
import java.util.function.Predicate;

/** A matrix of boards and commits with what each build really costs, and what a scheduler knows of that. */
public abstract class Workload {

    /** The numbers behind a generated workload. */
    public record Shape(
            double mean, double sigma, double serial, double least, double most, double noise, double offBy) {
        /** The usual: 60 core-seconds on average, 12 % serial, 5 to 60 %, estimates off by 15 %. */
        public static final Shape USUAL = new Shape(60, 0.6, 0.12, 0.05, 0.60, 0.15, 1);

        /** The same, with each board's estimate off by that factor, up or down. */
        public Shape offBy(double factor) {
            return new Shape(mean, sigma, serial, least, most, noise, factor);
        }
    }

    Workload() {}

    /** A workload of that size from a seed. */
    public static Workload generate(int boards, int commits, Shape shape, long seed) {
        return new GeneratedWorkload(boards, commits, shape, seed);
    }

    /**
     * A workload of real boards.
     *
     * @param boards the boards
     * @param commits how many commits
     * @param costs what builds really cost
     * @param built cells that have a result already
     * @param known how far what the scheduler knows is off: the noise and the factor of a shape
     * @param seed of that noise
     */
    public static Workload of(
            List<Board> boards, int commits, Estimates costs, Predicate<Cell> built, Shape known, long seed) {
        return new GivenWorkload(boards, commits, costs, built, known, seed);
    }

    /** The same builds, of which a scheduler knows something else. */
    public final Workload knownAs(Estimates known) {
        return new KnownWorkload(this, known);
    }

    /** Its boards; a board's place in the list is its number. */
    public abstract List<Board> boards();

    /** How many boards. */
    public abstract int boardCount();

    /** How many commits. */
    public abstract int commits();

    /** What a first build really costs. */
    public abstract Work first(int board, int commit);

    /** What a build after its predecessor's really costs. */
    public abstract Work next(int board, int commit);

    /** What a scheduler knows of it. */
    public abstract Estimates estimates();

    abstract int number(Board board);

    /** Whether a cell has a result already. */
    boolean isBuilt(Cell cell) {
        return false;
    }

    /** All work, each board's first commit built afresh and the others after it. */
    public double total() {
        double sum = 0;
        List<Board> boards = boards();
        for (int board = 0; board < boardCount(); board++) {
            boolean afresh = true;
            for (int commit = 0; commit < commits(); commit++) {
                if (!isBuilt(new Cell(boards.get(board).target(), commit))) {
                    sum += (afresh ? first(board, commit) : next(board, commit)).total();
                    afresh = false;
                }
            }
        }
        return sum;
    }

    /**
     * No schedule ends sooner, in seconds: all work at the capacity of all machines, and the longest cell's serial part and then its
     * parallel part on the best machine.
     */
    public double bound(SimFleet fleet) {
        return new Bounds(this, fleet).simple();
    }

    /** As {@link #bound}, and what splitting and serial chains cost at least. */
    public double tightBound(SimFleet fleet) {
        return new Bounds(this, fleet).tight();
    }
}
