package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.history.CostModel;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Commit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a run's end is told, of a run that goes on with another's results above all. */
class ForecastDisplayTest {

    private static final LearntEstimates ESTIMATES = CostModel.prior()
            .estimates(
                    List.of(Board.of("elm", "arm"), Board.of("oak", "arm")),
                    List.of(new Commit("a".repeat(40), "first"), new Commit("b".repeat(40), "second")),
                    Map.of(),
                    Map.of());
    private static final Set<Cell> LAST_COMMIT = Set.of(new Cell("elm", 1), new Cell("oak", 1));

    private long nowNs;

    private final KeepingDisplay screen = new KeepingDisplay();

    private ForecastDisplay display(Set<Cell> there) {
        return new ForecastDisplay(screen, ESTIMATES, () -> there, () -> nowNs);
    }

    private static BuildEvent started(int previous) {
        return new BuildEvent.RunStarted(2, 2, false, 4, previous, 0, 1, List.of("m"));
    }

    private void passes(Duration time, ForecastDisplay display) {
        nowNs += time.toNanos();
        display.tick();
    }

    private List<BuildEvent> etas() {
        return screen.events.stream().filter(BuildEvent.Eta.class::isInstance).toList();
    }

    private static BuildEvent done(String board) {
        return new BuildEvent.CellDone(new Cell(board, 0), "a".repeat(40), Optional.of("m"), Built.of(0, false), "");
    }

    @Test
    void tellsNoEndAnyMoreWhenTheOpenCellsOfAResumedRunAreThrough() {
        ForecastDisplay display = display(LAST_COMMIT);
        display.event(started(2));
        display.event(new BuildEvent.MachineReady("m", 4, 4));
        display.event(new BuildEvent.BoardStarted("elm", "m", 1));
        display.event(new BuildEvent.BoardStarted("oak", "m", 1));
        passes(Duration.ofSeconds(20), display);
        assertThat(etas()).hasSize(2);

        display.event(done("elm"));
        display.event(done("oak"));
        passes(Duration.ofSeconds(20), display);

        assertThat(etas()).as("told at the first board, and after 20 s").hasSize(2);
    }

    @Test
    void tellsNoEndWhereNothingIsLeftOrNoMachineIsThere() {
        display(Set.of()).event(started(0));
        display(Set.of()).event(started(4));

        assertThat(screen.events).containsExactly(started(0), started(4));
    }
}
