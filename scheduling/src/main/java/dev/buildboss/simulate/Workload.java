package dev.buildboss.simulate;

import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Estimates.Work;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A matrix of boards and commits with what each build costs, generated from a seed: the same seed, the same matrix.
 *
 * <p>A board's first build is lognormal, {@link Shape#serial} of every build is serial and comes first, a commit costs 5 to 60 % of
 * a first build, more or less from board to board. What {@link #estimates} says is off by a lognormal error for each board and a
 * smaller one for each commit.
 */
public final class Workload {

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

    private final Shape shape;
    private final long seed;
    private final double[] full;
    private final double[] part;
    private final double[] guess;
    private final double[] partGuess;

    private Workload(int boards, int commits, Shape shape, long seed) {
        this.shape = shape;
        this.seed = seed;
        Random random = new Random(seed);
        full = new double[boards];
        guess = new double[boards];
        for (int i = 0; i < boards; i++) {
            full[i] = shape.mean * Math.exp(shape.sigma * random.nextGaussian() - shape.sigma * shape.sigma / 2);
            guess[i] = full[i]
                    * Math.exp(shape.noise * random.nextGaussian())
                    * (random.nextBoolean() ? shape.offBy : 1 / shape.offBy);
        }
        part = new double[commits];
        partGuess = new double[commits];
        for (int i = 0; i < commits; i++) {
            part[i] = shape.least + (shape.most - shape.least) * random.nextDouble();
            partGuess[i] = part[i] * Math.exp(shape.noise * random.nextGaussian());
        }
    }

    /** A workload of that size. */
    public static Workload generate(int boards, int commits, Shape shape, long seed) {
        return new Workload(boards, commits, shape, seed);
    }

    /** Its boards; a board's place in the list is its number. */
    public List<Board> boards() {
        return IntStream.range(0, full.length)
                .mapToObj(i -> Board.of("b" + i, "arm"))
                .toList();
    }

    /** How many boards. */
    public int boardCount() {
        return full.length;
    }

    /** How many commits. */
    public int commits() {
        return part.length;
    }

    /** What a first build really costs. */
    public Work first(int board, int commit) {
        return work(full[board] * jitter(board, commit));
    }

    /** What a build after its predecessor's really costs. */
    public Work next(int board, int commit) {
        return work(full[board] * part[commit] * jitter(board, commit));
    }

    private Work work(double total) {
        return new Work(total, total * shape.serial);
    }

    /** 0.9 to 1.1, the same whenever it is asked for. */
    private double jitter(int board, int commit) {
        long z = seed + 0x9E3779B97F4A7C15L * (board * 1009L + commit + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return 0.9 + 0.2 * ((z ^ (z >>> 31)) >>> 11) / (double) (1L << 53);
    }

    /** What a scheduler knows of it. */
    public Estimates estimates() {
        return new Estimates() {
            @Override
            public Work first(Board board, int commit) {
                return work(guess[number(board)]);
            }

            @Override
            public Work next(Board board, int commit) {
                return work(guess[number(board)] * partGuess[commit]);
            }
        };
    }

    static int number(Board board) {
        return Integer.parseInt(board.target(), 1, board.target().length(), 10);
    }

    /** All work, each board's first commit built afresh and the others after it. */
    public double total() {
        double sum = 0;
        for (int board = 0; board < full.length; board++) {
            sum += first(board, 0).total();
            for (int commit = 1; commit < part.length; commit++) {
                sum += next(board, commit).total();
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
