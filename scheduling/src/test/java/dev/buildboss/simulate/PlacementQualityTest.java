package dev.buildboss.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.simulate.Workload.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What placement is worth, over matrices and fleets ({@code docs/scheduling.md} has the figures). {@code -Dseeds=N} plays N seeds for
 * each of them; {@code bin/test --soak} the 1,000 and more of the record.
 */
class PlacementQualityTest {

    private static final int[] COMMITS = {1, 6, 20, 60};
    private static final List<SimFleet> FLEETS = List.of(SimFleet.even(), SimFleet.uneven(), SimFleet.huge());

    /** Cores and slots of machines some or all of which take fewer boards at once than they have cores. */
    private static final List<SimFleet> NARROW = List.of(
            narrow("64/1 8/8"),
            narrow("64/1 8/8 8/8 8/8"),
            narrow("64/4 16/2 8/8"),
            narrow("32/1 2/2 2/2 2/2"),
            narrow("8/1 4/1 2/1 2/1"),
            narrow("16/1 16/1 16/1 16/1"),
            narrow("16/2 16/16 4/1 4/4"));

    /** Machines are ready one after the other, within so many seconds. */
    private static final double READY_WITHIN_S = 0.3;

    private static SimFleet narrow(String words) {
        List<SimMachine> machines = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            String[] parts = word.split("/", 2);
            int cores = Integer.parseInt(parts[0]);
            machines.add(new SimMachine("m" + machines.size(), cores, 1, Integer.parseInt(parts[1]), 0));
        }
        return new SimFleet(words, machines);
    }

    private static final class Figures {
        private final List<Double> simple = new ArrayList<>();
        private final List<Double> tight = new ArrayList<>();
        private final List<Double> toExisting = new ArrayList<>();
        private final List<Double> toExistingIfSmall = new ArrayList<>();

        void play(int boards, int commits, SimFleet machines, long seed, double offBy) {
            Workload workload = Workload.generate(boards, commits, Shape.USUAL.offBy(offBy), seed);
            SimFleet fleet = machines.readyWithin(READY_WITHIN_S, seed);
            double ours =
                    Simulation.run(fleet, workload, Policy.OURS, List.of()).makespanS();
            double existing =
                    Simulation.run(fleet, workload, Policy.EXISTING, List.of()).makespanS();
            simple.add(ours / workload.bound(fleet));
            tight.add(ours / workload.tightBound(fleet));
            toExisting.add(ours / existing);
            if (boards <= 300) {
                toExistingIfSmall.add(ours / existing);
            }
        }

        static double mean(List<Double> values) {
            return values.stream().mapToDouble(value -> value).average().orElseThrow();
        }

        static double percentile(List<Double> values, double part) {
            List<Double> sorted = new ArrayList<>(values);
            Collections.sort(sorted);
            return sorted.get((int) (sorted.size() * part));
        }
    }

    private static Figures sweep(List<SimFleet> fleets, int[] boards, int seeds, double offBy) {
        Figures figures = new Figures();
        for (SimFleet fleet : fleets) {
            for (int count : boards) {
                for (int commits : COMMITS) {
                    for (int seed = 0; seed < seeds; seed++) {
                        figures.play(count, commits, fleet, seed * 7919L + count * 31L + commits, offBy);
                    }
                }
            }
        }
        return figures;
    }

    @Test
    void smallMatricesEndNearTheBoundAndLongBeforeTheExistingPolicy() {
        Figures figures = sweep(FLEETS, new int[] {12, 48}, Integer.getInteger("seeds", 2), 1);

        assertThat(Figures.mean(figures.tight)).isLessThanOrEqualTo(1.15);
        assertThat(Figures.mean(figures.toExisting)).isLessThanOrEqualTo(0.75);
        assertThat(Collections.max(figures.toExisting)).isLessThanOrEqualTo(1.02);
    }

    @Test
    void machinesThatTakeFewBoardsAtOnceAreNeverWorseThanWithTheExistingPolicy() {
        Figures figures = sweep(NARROW, new int[] {12, 48}, Integer.getInteger("seeds", 1), 1);

        assertThat(Collections.max(figures.toExisting)).isLessThanOrEqualTo(1.02);
    }

    @Test
    void estimatesThatAreOffByTwoCostLittle() {
        Figures figures = sweep(FLEETS, new int[] {12, 48, 300}, 1, 2);

        assertThat(Figures.mean(figures.tight)).isLessThanOrEqualTo(1.20);
    }

    @Test
    @Tag("soak")
    void nearlyAllMachinesThatTakeFewBoardsAtOnceEndSoonerThanWithTheExistingPolicy() {
        Figures figures = sweep(NARROW, new int[] {12, 48, 300}, Integer.getInteger("seeds", 10), 1);

        assertThat(Figures.mean(figures.toExisting)).isLessThanOrEqualTo(0.80);
        assertThat(Figures.percentile(figures.toExisting, 0.995)).isLessThanOrEqualTo(1.02);
    }

    @Test
    @Tag("soak")
    void matricesOfAllSizesEndNearTheBound() {
        Figures figures = sweep(FLEETS, new int[] {12, 48, 300, 1300}, Integer.getInteger("seeds", 21), 1);

        assertThat(figures.simple).hasSizeGreaterThanOrEqualTo(1000);
        assertThat(Figures.mean(figures.simple)).isLessThanOrEqualTo(1.10);
        assertThat(Figures.percentile(figures.tight, 0.95)).isLessThanOrEqualTo(1.25);
        assertThat(Figures.mean(figures.toExistingIfSmall)).isLessThanOrEqualTo(0.75);
        assertThat(Collections.max(figures.toExisting)).isLessThanOrEqualTo(1.02);
    }
}
