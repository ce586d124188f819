package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final Tally tally = new Tally();
    private final Style plain = new Style(false);

    private void start(int total, int previous) {
        tally.add(new BuildEvent.RunStarted(1, total, false, total, previous, 1, 1, List.of()));
    }

    private void done(int commit, CellOutcome outcome) {
        tally.add(new BuildEvent.CellDone(new Cell("elm", commit), "x", Optional.of("fast"), outcome, ""));
    }

    @Test
    void tellsCountsRemainingEtaAndTheLastResult() {
        start(10, 2);
        done(2, Built.of(0, false));
        done(3, Built.of(0, true));
        done(4, Built.of(2, true));
        done(5, Built.of(0, false));

        assertThat(ProgressLine.render(tally, Duration.ofSeconds(60), 200, plain))
                .isEqualTo("    2    1    1 /10     -4      0:01:00   : elm [fast]");
    }

    @Test
    void namesAMachineAtTheStartWhenNothingIsBuiltHere() {
        tally.add(new BuildEvent.RunStarted(1, 1, false, 1, 0, 0, 0, List.of("ruru", "moa")));

        assertThat(ProgressLine.render(tally, Duration.ZERO, 200, plain)).endsWith(": (starting) [ruru, …]");
    }

    @Test
    void showsWorktreesBeforeTheFirstResult() {
        start(10, 0);
        tally.add(new BuildEvent.SetupProgress("ruru", 2, 256));
        tally.add(new BuildEvent.SetupProgress("moa", 2, 8));
        tally.add(new BuildEvent.SetupProgress("ruru", 3, 256));

        assertThat(ProgressLine.render(tally, Duration.ZERO, 200, plain))
                .endsWith(": (starting) [ruru 3/256, moa 2/8]");
    }

    @Test
    void isCutToTheWindow() {
        start(10, 0);

        for (int width = 0; width < 100; width++) {
            assertThat(ProgressLine.render(tally, Duration.ZERO, width, plain).length())
                    .isLessThanOrEqualTo(width);
        }
    }

    @Test
    void coloursTheCounts() {
        start(1, 0);

        assertThat(ProgressLine.render(tally, Duration.ZERO, 80, new Style(true)))
                .startsWith("\u001b[32m    0\u001b[0m\u001b[33m    0\u001b[0m\u001b[31m    0\u001b[0m /1");
    }

    @Test
    void escapesNames() {
        tally.add(new BuildEvent.SetupProgress("evil\u001b]0;x", 1, 2));

        assertThat(ProgressLine.render(tally, Duration.ZERO, 200, plain)).doesNotContain("\u001b");
    }

    @Test
    void showsTheEndThatWasReckonedWithItsRange() {
        start(10, 0);
        tally.add(new BuildEvent.Eta(Duration.ofSeconds(600), Duration.ofSeconds(540), Duration.ofSeconds(690)));

        assertThat(ProgressLine.render(tally, Duration.ofSeconds(60), 200, plain))
                .isEqualTo("    0    0    0 /10     -10     0:10:00 (0:09:00-0:11:30)  : (starting) [local]");
    }
}
