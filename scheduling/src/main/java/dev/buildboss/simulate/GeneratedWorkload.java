package dev.buildboss.simulate;

import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Estimates.Work;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A matrix that is generated from a seed: the same seed, the same matrix.
 *
 * <p>A board's first build is lognormal, {@link Workload.Shape#serial} of every build is serial and comes first, a commit costs 5 to
 * 60 % of a first build, more or less from board to board. What {@link #estimates} says is off by a lognormal error for each board
 * and a smaller one for each commit.
 */
final class GeneratedWorkload extends Workload {

    private final Shape shape;
    private final long seed;
    private final double[] full;
    private final double[] part;
    private final double[] guess;
    private final double[] partGuess;

    GeneratedWorkload(int boards, int commits, Shape shape, long seed) {
        this.shape = shape;
        this.seed = seed;
        Random random = new Random(seed);
        full = new double[boards];
        guess = new double[boards];
        for (int i = 0; i < boards; i++) {
            full[i] =
                    shape.mean() * Math.exp(shape.sigma() * random.nextGaussian() - shape.sigma() * shape.sigma() / 2);
            guess[i] = full[i]
                    * Math.exp(shape.noise() * random.nextGaussian())
                    * (random.nextBoolean() ? shape.offBy() : 1 / shape.offBy());
        }
        part = new double[commits];
        partGuess = new double[commits];
        for (int i = 0; i < commits; i++) {
            part[i] = shape.least() + (shape.most() - shape.least()) * random.nextDouble();
            partGuess[i] = part[i] * Math.exp(shape.noise() * random.nextGaussian());
        }
    }

    @Override
    public List<Board> boards() {
        return IntStream.range(0, full.length)
                .mapToObj(i -> Board.of("b" + i, "arm"))
                .toList();
    }

    @Override
    public int boardCount() {
        return full.length;
    }

    @Override
    public int commits() {
        return part.length;
    }

    @Override
    public Work first(int board, int commit) {
        return work(full[board] * jitter(board, commit));
    }

    @Override
    public Work next(int board, int commit) {
        return work(full[board] * part[commit] * jitter(board, commit));
    }

    private Work work(double total) {
        return new Work(total, total * shape.serial());
    }

    /** 0.9 to 1.1, the same whenever it is asked for. */
    private double jitter(int board, int commit) {
        long z = seed + 0x9E3779B97F4A7C15L * (board * 1009L + commit + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return 0.9 + 0.2 * ((z ^ (z >>> 31)) >>> 11) / (double) (1L << 53);
    }

    @Override
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

    @Override
    int number(Board board) {
        return Integer.parseInt(board.target(), 1, board.target().length(), 10);
    }
}
