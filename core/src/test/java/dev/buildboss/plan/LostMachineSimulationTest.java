package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One of equal machines is lost at half-time: how much longer does the rest take than it must? The plan itself, in virtual time,
 * with simulated machines: {@code SLOTS} boards at once that share as many threads, a part of each build serial, a board's later
 * cells cheaper than its first.
 *
 * <p>The ideal is the same fleet without the lost machine that goes on from the moment at which the loss was found, with exactly
 * the cells that have no result, and in which nothing is ever lost, fenced or held back. (What a better order or splitting boards
 * would bring to both is another matter.)
 */
class LostMachineSimulationTest {

    private static final int SLOTS = 8;
    private static final double SERIAL = 0.12;
    private static final double INCREMENTAL = 0.3;
    private static final double BIG = 1e12;
    private static final int SEEDS = 5;
    private static final double ALLOWED = 1.10;
    /** A worker of ours is found silent after this; the times of builds are in seconds too. */
    private static final double DETECTION = 45;

    record Matrix(int machines, int boards, int commits) {}

    static Stream<Matrix> matrices() {
        List<Matrix> result = new ArrayList<>();
        for (int machines = 2; machines <= 8; machines++) {
            for (int boards : new int[] {48, 100, 200, 400}) {
                for (int commits : new int[] {1, 2, 5, 10}) {
                    result.add(new Matrix(machines, boards, commits));
                }
            }
        }
        return result.stream();
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void theRestIsBuiltInNearlyTheLeastTimeAndNothingTwice(Matrix matrix) {
        double worst = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            double undisturbed = new Fleet(matrix, seed).play(Double.MAX_VALUE);
            Fleet fleet = new Fleet(matrix, seed);
            double end = fleet.play(undisturbed / 2);
            worst = Math.max(worst, (end - fleet.found) / fleet.ideal);
            fleet.check();
        }
        assertThat(worst)
                .as("time from the loss's detection on, over the ideal")
                .isLessThanOrEqualTo(ALLOWED);
    }

    /** A board on a machine: the cells that it still has to build there, and how much of the first is left. */
    private static final class Job {
        private final Grant grant;
        private int next;
        private double left;

        private Job(Grant grant, double left) {
            this.grant = grant;
            this.left = left;
        }

        private Job copy() {
            Job copy = new Job(grant, left);
            copy.next = next;
            return copy;
        }
    }

    /** A fleet at work on one matrix. */
    private static final class Fleet {
        private final Matrix matrix;
        private final WorkPlan plan;
        private final Map<String, Double> costs = new HashMap<>();
        private final Map<String, List<Job>> machines = new TreeMap<>();
        private final Map<Cell, Integer> stored = new HashMap<>();
        private final Set<String> dead = new HashSet<>();

        private double now;
        private double found;
        private double ideal;

        Fleet(Matrix matrix, int seed) {
            this.matrix = matrix;
            Random random = new Random(seed);
            List<Board> boards = new ArrayList<>();
            for (int i = 0; i < matrix.boards; i++) {
                boards.add(Board.of("b" + i, "arm"));
                // Lognormal, as builds are: in seconds of one thread.
                costs.put("b" + i, 60 * Math.exp(0.5 * random.nextGaussian()));
            }
            plan = new WorkPlan(
                    boards,
                    matrix.commits,
                    cell -> false,
                    new PlanLimits(3, 3, 6, Duration.ofSeconds(1), Duration.ofSeconds(30)));
            for (int i = 0; i < matrix.machines; i++) {
                plan.expect("m" + i);
                machines.put("m" + i, new ArrayList<>());
            }
        }

        /** Builds all; one machine is dead from that time on, which is found out a while later. */
        double play(double killAt) {
            machines.keySet().forEach(name -> plan.join(name, new Capability.Any(), Duration.ofSeconds(40)));
            boolean lost = false;
            while (plan.openCells() > 0) {
                pull();
                double next = now + Math.min(nextEnd(machines), BIG);
                if (dead.isEmpty() && killAt <= next) {
                    pass(killAt);
                    dead.add("m0");
                } else if (!dead.isEmpty() && !lost && killAt + DETECTION <= next) {
                    pass(killAt + DETECTION);
                    lose();
                    lost = true;
                } else {
                    pass(next);
                }
            }
            return now;
        }

        private void pull() {
            machines.forEach((name, jobs) -> {
                while (!dead.contains(name)
                        && jobs.size() < SLOTS
                        && plan.demand(name) instanceof Demand.Granted granted) {
                    jobs.add(new Job(granted.grant(), price(granted.grant(), 0)));
                }
            });
        }

        /** The price of a grant's n-th cell: the first is built from nothing. */
        private double price(Grant grant, int n) {
            return costs.get(grant.board().target()) * (n == 0 ? 1 : INCREMENTAL);
        }

        private double nextEnd(Map<String, List<Job>> fleet) {
            double least = BIG;
            for (Map.Entry<String, List<Job>> machine : fleet.entrySet()) {
                for (Job job : machine.getValue()) {
                    least = dead.contains(machine.getKey())
                            ? least
                            : Math.min(least, job.left / speed(machine.getValue()));
                }
            }
            return least;
        }

        /** How much of a board a machine builds in a second, with those beside it: make's jobs share its threads. */
        private static double speed(List<Job> jobs) {
            return 1 / (SERIAL + (1 - SERIAL) * jobs.size() / SLOTS);
        }

        private void pass(double time) {
            double seconds = time - now;
            now = time;
            machines.forEach((name, jobs) -> {
                if (!dead.contains(name)) {
                    double done = seconds * speed(jobs);
                    for (Job job : List.copyOf(jobs)) {
                        job.left -= done;
                        if (job.left < 1e-9) {
                            settle(job);
                        }
                        if (job.next == job.grant.commits().size()) {
                            jobs.remove(job);
                        }
                    }
                }
            });
        }

        private void settle(Job job) {
            Cell cell = new Cell(job.grant.board().target(), job.grant.commits().get(job.next));
            if (plan.settle(job.grant.id(), cell.commit(), new Built(Kind.OK, 0)) == WorkPlan.Answer.ACCEPTED) {
                stored.merge(cell, 1, Integer::sum);
            }
            job.next++;
            job.left = price(job.grant, job.next);
        }

        private void lose() {
            found = now;
            plan.leave("m0", false, "no sign of life");
            machines.remove("m0");
            ideal = ideal(machines, leftOver());
        }

        /** What nobody has: boards with the commits that have no result, in order. */
        private Deque<Grant> leftOver() {
            Set<String> running = new HashSet<>();
            machines.values()
                    .forEach(jobs ->
                            jobs.forEach(job -> running.add(job.grant.board().target())));
            Deque<Grant> result = new ArrayDeque<>();
            for (int i = 0; i < matrix.boards; i++) {
                Board board = Board.of("b" + i, "arm");
                List<Integer> open = IntStream.range(0, matrix.commits)
                        .filter(commit -> !stored.containsKey(new Cell(board.target(), commit)))
                        .boxed()
                        .toList();
                if (!open.isEmpty() && !running.contains(board.target())) {
                    result.add(new Grant(0, "nobody", board, open));
                }
            }
            return result;
        }

        /** How long a fleet takes that goes on from here, and in which nothing was ever lost. */
        private double ideal(Map<String, List<Job>> present, Deque<Grant> queue) {
            Map<String, List<Job>> fleet = new TreeMap<>();
            present.forEach((name, jobs) ->
                    fleet.put(name, jobs.stream().map(Job::copy).collect(Collectors.toCollection(ArrayList::new))));
            double time = 0;
            while (true) {
                fleet.values().forEach(jobs -> {
                    while (jobs.size() < SLOTS && !queue.isEmpty()) {
                        Grant grant = queue.remove();
                        jobs.add(new Job(grant, price(grant, 0)));
                    }
                });
                double step = nextEnd(fleet);
                if (step >= BIG) {
                    return time;
                }
                time += step;
                fleet.values().forEach(jobs -> {
                    double done = step * speed(jobs);
                    jobs.forEach(job -> job.left -= done);
                    jobs.forEach(job -> {
                        if (job.left < 1e-9) {
                            job.next++;
                            job.left = price(job.grant, job.next);
                        }
                    });
                    jobs.removeIf(job -> job.next == job.grant.commits().size());
                });
            }
        }

        private void check() {
            Map<Cell, CellOutcome> outcomes = new HashMap<>();
            plan.takeNews()
                    .forEach(settled -> assertThat(outcomes.put(settled.cell(), settled.outcome()))
                            .isNull());
            assertThat(outcomes).hasSize(matrix.boards * matrix.commits);
            assertThat(outcomes.values()).containsOnly(new Built(Kind.OK, 0));
            assertThat(stored).hasSize(matrix.boards * matrix.commits);
            assertThat(stored.values()).as("times that a cell was built").containsOnly(1);
        }
    }
}
