package dev.buildboss.history;

import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.plan.Estimates;
import java.util.List;
import java.util.Map;

/** The costs of one matrix by a {@link CostModel}; safe for threads. */
public final class LearntEstimates implements Estimates {

    /** A board: a build from the beginning, how much more than usual it takes after commits, and those that are known. */
    record Cost(double first, double after, Map<Integer, Double> known) {}

    private static final Cost NOTHING = new Cost(Priors.FIRST_S, 1, Map.of());

    private final CostModel model;
    private final List<Board> boards;
    private final List<Commit> commits;
    private final Map<String, Cost> costs;
    private final double[] ratios;
    private final CostModel.Serial serial;
    private final Map<String, Double> speeds;

    LearntEstimates(
            CostModel model,
            List<Board> boards,
            List<Commit> commits,
            Map<String, Cost> costs,
            double[] ratios,
            CostModel.Serial serial,
            Map<String, Double> speeds) {
        this.model = model;
        this.boards = boards;
        this.commits = commits;
        this.costs = costs;
        this.ratios = ratios;
        this.serial = serial;
        this.speeds = speeds;
    }

    /** What these were made by. */
    public CostModel model() {
        return model;
    }

    /** The boards of the matrix. */
    public List<Board> boards() {
        return boards;
    }

    /** The commits of the matrix. */
    public List<Commit> commits() {
        return commits;
    }

    @Override
    public Work first(Board board, int commit) {
        double total = costs.getOrDefault(board.target(), NOTHING).first;
        double configure = total * serial.configure().of(board.target());
        return new Work(total, configure + (total - configure) * serial.first().of(board.target()));
    }

    @Override
    public Work next(Board board, int commit) {
        Cost cost = costs.getOrDefault(board.target(), NOTHING);
        Double known = cost.known.get(commit);
        // Nothing after a commit is worse than from the beginning.
        double total = Math.min(cost.first, known != null ? known : cost.first * ratios[commit] * cost.after);
        return new Work(total, total * serial.next().of(board.target()));
    }

    @Override
    public double speed(String machine) {
        return speeds.getOrDefault(machine, 1.0);
    }
}
