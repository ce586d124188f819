package dev.buildboss.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.buildboss.simulate.Workload.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

    @Test
    void aBoardAloneTakesItsSerialPartAndThenItsParallelPartOnAllCores() {
        Workload workload = Workload.generate(1, 1, Shape.USUAL, 3);
        SimFleet fleet = SimFleet.of("one", "4x2.0");

        SimResult result = Simulation.run(fleet, workload, Policy.OURS, List.of());

        double total = workload.first(0, 0).total();
        assertThat(result.makespanS()).isCloseTo(total * (0.12 / 2 + 0.88 / 8), within(1e-6));
        assertThat(result.makespanS()).isCloseTo(workload.bound(fleet), within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void buildsEachCellOnceForAllThatCounts(Policy policy) {
        Workload workload = Workload.generate(20, 6, Shape.USUAL, 5);

        SimResult result = Simulation.runWithTimeline(SimFleet.uneven(), workload, policy, List.of());

        Set<List<Integer>> cells = new HashSet<>();
        for (Segment segment : result.timeline()) {
            if (segment.won()) {
                assertThat(cells.add(List.of(segment.board(), segment.commit())))
                        .isTrue();
            }
        }
        assertThat(cells).hasSize(120);
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void theSameSeedGivesTheSameRun(Policy policy) {
        Workload workload = Workload.generate(30, 4, Shape.USUAL, 9);

        SimResult one = Simulation.runWithTimeline(SimFleet.huge(), workload, policy, List.of());
        SimResult two = Simulation.runWithTimeline(SimFleet.huge(), workload, policy, List.of());

        assertThat(one.timeline()).isEqualTo(two.timeline());
    }

    @Test
    void noRunEndsBeforeItsBounds() {
        for (long seed = 0; seed < 40; seed++) {
            for (Policy policy : Policy.values()) {
                Workload workload = Workload.generate(3 + (int) seed, 1 + (int) seed % 7, Shape.USUAL, seed);
                SimFleet fleet = seed % 2 == 0 ? SimFleet.uneven() : SimFleet.huge();
                double end = Simulation.run(fleet, workload, policy, List.of()).makespanS();
                assertThat(workload.tightBound(fleet)).isGreaterThanOrEqualTo(workload.bound(fleet));
                assertThat(end).isGreaterThan(workload.tightBound(fleet) * 0.999999);
            }
        }
    }

    @Test
    void goesOnWithoutALostMachineAndWithASlowOne() {
        for (long seed = 0; seed < 30; seed++) {
            Workload workload = Workload.generate(24, 4, Shape.USUAL, seed);
            SimFleet fleet = SimFleet.even();
            List<Fault> faults = Faults.random(fleet, workload.bound(fleet), 1, 1, seed);
            SimResult result = Simulation.runWithTimeline(fleet, workload, Policy.OURS, faults);
            long won = result.timeline().stream().filter(Segment::won).count();
            assertThat(won).isEqualTo(24 * 4);
            // Half the fleet gone or at a third of its speed, and 45 s until a loss is found.
            assertThat(result.makespanS()).isLessThan(2.5 * workload.bound(fleet) + 90);
        }
    }

    @Test
    void refusesAFleetThatIsNone() {
        assertThatThrownBy(() -> SimFleet.of("x", "8x1.0 four"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"four\"");
    }

    @Test
    void drawsATimeline() {
        Workload workload = Workload.generate(5, 2, Shape.USUAL, 1);
        SimResult result = Simulation.runWithTimeline(SimFleet.uneven(), workload, Policy.OURS, List.of());

        String svg = Timeline.svg(SimFleet.uneven(), result, "five & more");

        assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains("five &amp; more");
        assertThat(svg.split("<rect ", -1)).hasSize(result.timeline().size() + 1);
    }
}
