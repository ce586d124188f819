package dev.buildboss.benchmarks;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.Demand;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.Placement;
import dev.buildboss.plan.PlanLimits;
import dev.buildboss.plan.Power;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A plan in the middle of a run: all machines have what they take at once, and so many boards wait. */
final class PlanState {

    private static final double MEAN_S = 60;

    private final WorkPlan plan;
    private final Deque<Grant> out = new ArrayDeque<>();
    private final double stepMs;
    private double nowMs = 10_000;

    PlanState(int machines, int boards) {
        Random random = new Random(1);
        List<Power> powers = new ArrayList<>();
        double capacity = 0;
        int slots = 0;
        for (int i = 0; i < machines; i++) {
            int cores = 2 << random.nextInt(5);
            powers.add(new Power(cores, 0.5 + random.nextDouble(), cores, true));
            capacity += powers.get(i).capacity();
            slots += cores;
        }
        stepMs = 1000 * MEAN_S / capacity;
        plan = plan(boards + slots, random);
        plan.at((long) nowMs);
        for (int i = 0; i < machines; i++) {
            plan.join("m" + i, new Capability.Any(), Duration.ofHours(1), powers.get(i));
        }
        for (int i = 0; i < machines; i++) {
            int worker = i;
            for (int slot = 0; slot < powers.get(worker).slots(); slot++) {
                ask("m" + worker).ifPresent(out::add);
            }
        }
    }

    /** A plan alone. */
    static WorkPlan plan(int boards, Random random) {
        double[] costs = new double[boards];
        List<Board> all = new ArrayList<>(boards);
        for (int i = 0; i < boards; i++) {
            costs[i] = MEAN_S * Math.exp(0.6 * random.nextGaussian() - 0.18);
            all.add(Board.of("b" + i, "arm"));
        }
        return new WorkPlan(
                all,
                1,
                cell -> false,
                PlanLimits.of(Settings.defaults().boss()),
                Placement.predictedFinish(),
                new Lognormal(costs));
    }

    private static final class Lognormal implements Estimates {
        private final double[] costs;

        Lognormal(double[] costs) {
            this.costs = costs;
        }

        @Override
        public Work first(Board board, int commit) {
            double cost =
                    costs[Integer.parseInt(board.target(), 1, board.target().length(), 10)];
            return new Work(cost, 0.12 * cost);
        }

        @Override
        public Work next(Board board, int commit) {
            return first(board, commit);
        }
    }

    private Optional<Grant> ask(String worker) {
        return plan.demand(worker) instanceof Demand.Granted granted ? Optional.of(granted.grant()) : Optional.empty();
    }

    /** The board that is out longest is built, and its worker asks for another; false: there is none left. */
    boolean step() {
        Grant done = out.poll();
        if (done == null) {
            return false;
        }
        nowMs += stepMs;
        plan.at((long) nowMs);
        plan.settle(done.id(), 0, new Built(Kind.OK, 0));
        plan.closed(done.worker(), done.id());
        plan.takeNews();
        plan.takeRecalls();
        ask(done.worker()).ifPresent(out::add);
        return true;
    }
}
