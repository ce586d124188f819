package dev.buildboss.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.simulate.PlacementFigure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PlacementMainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return PlacementMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void playsEachSweepAndTellsItsFiguresAndWipesTheCountOfRuns() {
        assertThat(run("--seeds", "1", "--first-seed", "5", "--boards", "12", "--progress"))
                .isZero();

        assertThat(out.toString())
                .contains(
                        "all sizes: 12 runs: seeds 5 to 5; 12 boards x 1, 6, 20, 60 commits; fleets even | uneven | huge")
                .contains("estimates off by a factor of 2: 12 runs: ")
                .contains("machines of few slots: 28 runs: ")
                .containsPattern("over the plain bound, mean +1\\.\\d{4}\n")
                .containsPattern("over the existing policy, mean +0\\.\\d{4}\n");
        assertThat(err.toString())
                .startsWith("\r1 of 12 runs\r")
                .contains("\r27 of 28 runs")
                .endsWith(" \r");
    }

    @Test
    void tellsWhatIsWantedAndWhetherItHolds() {
        List<PlacementFigure> figures = List.of(
                new PlacementFigure("good", 1.04999, OptionalDouble.of(1.05)),
                new PlacementFigure("bad", 1.05001, OptionalDouble.of(1.05)),
                new PlacementFigure("told", 1.2, OptionalDouble.empty()));
        PrintWriter writer = new PrintWriter(out, true);

        assertThat(PlacementMain.print(writer, figures, true)).isFalse();
        assertThat(out.toString())
                .containsPattern("good +1\\.0500 +1\\.05 holds\n")
                .containsPattern("bad +1\\.0500 +1\\.05 MISSED\n")
                .containsPattern("told +1\\.2000\n");
        assertThat(PlacementMain.print(writer, figures.subList(0, 1), true)).isTrue();
        assertThat(PlacementMain.print(writer, figures, false)).isTrue();
    }

    @Test
    void namesAnOptionThatIsWrong() {
        assertThat(run("--seeds", "0")).isEqualTo(2);
        assertThat(run("--boards", "11")).isEqualTo(2);
        assertThat(run("--seed", "1")).isEqualTo(2);

        assertThat(err.toString())
                .contains("--seeds must be at least 1")
                .contains("--boards 11 leaves no matrix")
                .contains("Unknown options: '--seed'");
        assertThat(out.toString()).isEmpty();
    }
}
