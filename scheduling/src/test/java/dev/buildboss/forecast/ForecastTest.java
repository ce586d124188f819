package dev.buildboss.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.Eta;
import dev.buildboss.history.Build;
import dev.buildboss.history.CostModel;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.Commit;
import dev.buildboss.simulate.Policy;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import dev.buildboss.simulate.Simulation;
import dev.buildboss.simulate.Workload;
import dev.buildboss.simulate.Workload.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether forecasts come true, over simulated runs; {@code docs/scheduling.md} has the figures. */
class ForecastTest {

    static final List<SimFleet> FLEETS = List.of(SimFleet.even(), SimFleet.uneven(), SimFleet.huge());
    private static final int[][] MATRICES = {{12, 1}, {12, 6}, {48, 1}, {48, 6}, {16, 20}};

    /** When a forecast is looked at, as parts of the run. */
    static final double[] PARTS = {0.05, 0.25, 0.5, 0.75};

    private record Said(double atS, Eta eta) {}

    /** How forecasts came out. */
    static final class Score {
        private int asked;
        private int within;
        private final List<Double> widths = new ArrayList<>();
        private final List<Double> ratios = new ArrayList<>();

        void add(Eta eta, double leftS) {
            double leftMs = leftS * 1000;
            asked++;
            within +=
                    eta.soonest().toMillis() <= leftMs && leftMs <= eta.latest().toMillis() ? 1 : 0;
            double said = Math.max(1, eta.left().toMillis());
            widths.add((eta.latest().toMillis() - eta.soonest().toMillis()) / said);
            ratios.add(leftMs / said);
        }

        double coverage() {
            return (double) within / asked;
        }

        static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }

        @Override
        public String toString() {
            return String.format(
                    "%d asked, %.3f within, width %.2f, real / said %.2f",
                    asked, coverage(), median(widths), median(ratios));
        }
    }

    static Commit commit(int number) {
        return new Commit(String.format("%040x", number), "c" + number);
    }

    /** What a part of the boards took in three former series, of other commits. */
    private static List<Build> history(Workload workload, SimFleet fleet, double known, Random random) {
        List<Build> builds = new ArrayList<>();
        List<Board> boards = workload.boards();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < boards.size() * known; i++) {
                double first = workload.first(i, 0).total();
                for (int commit = 0; commit < 3; commit++) {
                    SimMachine machine =
                            fleet.machines().get(random.nextInt(fleet.machines().size()));
                    double part = commit == 0 ? 1 : 0.05 + 0.55 * random.nextDouble();
                    double cpu = first * part * Math.exp(0.1 * random.nextGaussian()) / machine.speed();
                    builds.add(new Build(
                            boards.get(i).target(),
                            "arm",
                            "old" + round + commit,
                            machine.name(),
                            commit == 0,
                            cpu * (0.12 + 0.88 / machine.cores()),
                            1,
                            builds.size(),
                            machine.cores(),
                            0,
                            cpu));
                }
            }
        }
        return builds;
    }

    /** Plays a run of which some cells are there, with a part of its boards known; the forecasts at {@link #PARTS} go into scores. */
    static void play(
            SimFleet machines, Workload workload, Set<Cell> there, double known, long seed, Map<Double, Score> scores) {
        SimFleet fleet = machines.readyWithin(0.3, seed);
        CostModel model = CostModel.learn(history(workload, fleet, known, new Random(seed)), Map.of());
        LearntEstimates estimates = model.estimates(
                workload.boards(),
                IntStream.range(0, workload.commits())
                        .mapToObj(ForecastTest::commit)
                        .toList(),
                Map.of(),
                Map.of());
        Forecast forecast = new Forecast(estimates, there);
        forecast.event(runStarted(estimates, there), 0);
        List<Said> said = new ArrayList<>();
        double end = Simulation.watch(fleet, workload.knownAs(estimates), Policy.OURS, List.of(), (event, nowS) -> {
                    long nowMs = (long) (nowS * 1000);
                    forecast.event(event, nowMs);
                    forecast.eta(nowMs).ifPresent(eta -> said.add(new Said(nowS, eta)));
                })
                .makespanS();
        for (double part : PARTS) {
            said.stream()
                    .filter(one -> one.atS >= part * end && one.atS < end)
                    .findFirst()
                    .ifPresent(one -> scores.get(part).add(one.eta, end - one.atS));
        }
    }

    /** As a run begins whose machines are not named. */
    static BuildEvent runStarted(LearntEstimates estimates, Set<Cell> there) {
        int boards = estimates.boards().size();
        int commits = estimates.commits().size();
        return new BuildEvent.RunStarted(boards, commits, false, boards * commits, there.size(), 0, 1, List.of());
    }

    static Map<Double, Score> noScores() {
        Map<Double, Score> scores = new TreeMap<>();
        for (double part : PARTS) {
            scores.put(part, new Score());
        }
        return scores;
    }

    private static Map<Double, Score> sweep(double known, int seeds) {
        Map<Double, Score> scores = noScores();
        for (SimFleet fleet : FLEETS) {
            for (int[] matrix : MATRICES) {
                for (int round = 0; round < seeds; round++) {
                    long seed = round * 7919L + matrix[0] + matrix[1];
                    Workload workload = Workload.generate(matrix[0], matrix[1], Shape.USUAL, seed);
                    play(fleet, workload, Set.of(), known, seed, scores);
                }
            }
        }
        return scores;
    }

    static double coverage(Map<Double, Score> scores) {
        return scores.values().stream().mapToDouble(Score::coverage).average().orElseThrow();
    }

    /** With all boards known, half of them, and none. */
    @ParameterizedTest
    @ValueSource(doubles = {1.0, 0.5, 0.0})
    void ofRunsThatSaidEightyPercentEightyPercentEndInIt(double known) {
        Map<Double, Score> scores = sweep(known, 2);

        assertThat(coverage(scores)).as(scores.toString()).isBetween(0.65, 0.93);
    }

    @ParameterizedTest
    @Tag("soak")
    @ValueSource(doubles = {1.0, 0.5, 0.0})
    void thatHoldsAtAnyTimeOfARun(double known) {
        Map<Double, Score> scores = sweep(known, 8);

        assertThat(coverage(scores)).as(scores.toString()).isBetween(0.75, 0.85);
        assertThat(scores).allSatisfy((part, score) -> {
            assertThat(score.asked).isGreaterThan(100);
            assertThat(score.coverage()).as(part + ": " + score).isBetween(0.75, 0.95);
        });
    }
}
