package dev.buildboss.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What placement is worth, over matrices and fleets ({@code docs/scheduling.md} has the figures). Usually a few small matrices;
 * {@code bin/test --soak} plays all that {@code benchmarks/placement} does.
 */
class PlacementQualityTest {

    private static PlacementRuns play(PlacementSweep sweep) {
        PlacementRuns runs = sweep.play(() -> {});
        assertThat(runs.runs()).hasSize(sweep.size());
        return runs;
    }

    @Test
    void smallMatricesEndNearTheBoundAndLongBeforeTheExistingPolicy() {
        PlacementRuns runs = play(PlacementSweep.ofAllSizes().upTo(48).withSeeds(0, 2));

        assertThat(runs.overTightBound().mean()).isLessThanOrEqualTo(1.15);
        assertThat(runs.overExisting().mean()).isLessThanOrEqualTo(0.75);
        assertThat(runs.overExisting().worst()).isLessThanOrEqualTo(1.02);
    }

    @Test
    void machinesThatTakeFewBoardsAtOnceAreNeverWorseThanWithTheExistingPolicy() {
        PlacementRuns runs = play(PlacementSweep.onFewSlots().upTo(48).withSeeds(0, 1));

        assertThat(runs.overExisting().worst()).isLessThanOrEqualTo(1.02);
    }

    @Test
    void estimatesThatAreOffByTwoCostLittle() {
        PlacementRuns runs =
                play(PlacementSweep.withEstimatesOffByTwo().upTo(300).withSeeds(0, 1));

        assertThat(runs.overTightBound().mean()).isLessThanOrEqualTo(1.20);
    }

    @Test
    void theSameSweepGivesTheSameRunsAndAnotherSeedOthers() {
        PlacementSweep sweep = PlacementSweep.ofAllSizes().upTo(12).withSeeds(3, 1);

        PlacementRuns runs = play(sweep);

        assertThat(play(sweep)).isEqualTo(runs);
        assertThat(play(sweep.withSeeds(4, 1)).runs()).doesNotContainAnyElementsOf(runs.runs());
    }

    @Test
    void theUsualSweepsAreOfAThousandRunsAnd840() {
        assertThat(PlacementSweep.ofAllSizes().size()).isEqualTo(1008);
        assertThat(PlacementSweep.withEstimatesOffByTwo().size()).isEqualTo(1008);
        assertThat(PlacementSweep.onFewSlots().size()).isEqualTo(840);
    }

    static Stream<PlacementSweep> sweeps() {
        return Stream.of(
                PlacementSweep.ofAllSizes(), PlacementSweep.withEstimatesOffByTwo(), PlacementSweep.onFewSlots());
    }

    @ParameterizedTest
    @MethodSource("sweeps")
    @Tag("soak")
    void allFiguresOfAWholeSweepHold(PlacementSweep sweep) {
        assertThat(sweep.figures(play(sweep))).isNotEmpty().allMatch(PlacementFigure::holds);
    }
}
