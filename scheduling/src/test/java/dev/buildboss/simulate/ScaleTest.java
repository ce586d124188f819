package dev.buildboss.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.simulate.Workload.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Large fleets and matrices in one JVM. */
class ScaleTest {

    private static final double MILLISECOND_NS = 1e6;

    private static SimFleet fleet(int machines) {
        Random random = new Random(1);
        List<SimMachine> list = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            list.add(SimMachine.of("m" + i, 2 << random.nextInt(5), 0.5 + random.nextDouble()));
        }
        return new SimFleet("large", list);
    }

    @Test
    @Tag("soak")
    void aDecisionTakesLessThanAMillisecondForAHundredMachinesAndAHundredThousandBoards() {
        SimFleet fleet = fleet(100);
        Workload workload = Workload.generate(100_000, 1, Shape.USUAL, 1);

        SimResult result = Simulation.run(fleet, workload, Policy.OURS, List.of());

        assertThat((double) result.meanNs()).isLessThan(MILLISECOND_NS);
        assertThat(result.makespanS() / workload.bound(fleet)).isLessThan(1.02);
    }
}
