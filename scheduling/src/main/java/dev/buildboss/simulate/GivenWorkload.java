package dev.buildboss.simulate;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Estimates.Work;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** A matrix of real boards, whose costs are given; what the scheduler knows is off by a seeded noise of the usual kind, or not at all. */
final class GivenWorkload extends Workload {

    private final List<Board> boards;
    private final int commits;
    private final Estimates costs;
    private final Predicate<Cell> built;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final double[] boardErrors;
    private final double[] commitErrors;

    GivenWorkload(List<Board> boards, int commits, Estimates costs, Predicate<Cell> built, Shape known, long seed) {
        this.boards = List.copyOf(boards);
        this.commits = commits;
        this.costs = requireNonNull(costs, "costs");
        this.built = requireNonNull(built, "built");
        Random random = new Random(seed);
        boardErrors = new double[boards.size()];
        for (int i = 0; i < boardErrors.length; i++) {
            numbers.put(boards.get(i).target(), i);
            boardErrors[i] = Math.exp(known.noise() * random.nextGaussian())
                    * (random.nextBoolean() ? known.offBy() : 1 / known.offBy());
        }
        commitErrors = random.doubles(commits)
                .map(value -> Math.exp(known.noise() * (2 * value - 1)))
                .toArray();
    }

    @Override
    public List<Board> boards() {
        return boards;
    }

    @Override
    public int boardCount() {
        return boards.size();
    }

    @Override
    public int commits() {
        return commits;
    }

    @Override
    public Work first(int board, int commit) {
        return costs.first(boards.get(board), commit);
    }

    @Override
    public Work next(int board, int commit) {
        return costs.next(boards.get(board), commit);
    }

    @Override
    boolean isBuilt(Cell cell) {
        return built.test(cell);
    }

    @Override
    int number(Board board) {
        return numbers.getOrDefault(board.target(), 0);
    }

    @Override
    public Estimates estimates() {
        return new Estimates() {
            @Override
            public Work first(Board board, int commit) {
                return off(costs.first(board, commit), boardErrors[number(board)]);
            }

            @Override
            public Work next(Board board, int commit) {
                return off(costs.next(board, commit), boardErrors[number(board)] * commitErrors[commit]);
            }
        };
    }

    private static Work off(Work work, double factor) {
        return new Work(work.total() * factor, work.serial() * factor);
    }
}
