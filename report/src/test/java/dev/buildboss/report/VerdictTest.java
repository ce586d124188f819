package dev.buildboss.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Commit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final CellOutcome OK = Built.of(0, false);
    private static final CellOutcome WARNING = Built.of(0, true);
    private static final CellOutcome FAILED = Built.of(2, true);

    private final Map<Cell, CellOutcome> outcomes = new HashMap<>();

    private List<String> verdict(int commits, Board... boards) {
        List<Commit> series = java.util.stream.IntStream.range(0, commits)
                .mapToObj(i -> new Commit("%040x".formatted(i), "subject\u001b " + (i + 1)))
                .toList();
        BuildRequest request = BuildRequest.of(Path.of("git"), List.of(boards), series, Path.of("out"));
        BuildReport report = new BuildReport(outcomes, 0, Duration.ZERO, false, List.of(), List.of());
        return Verdict.of(request, report).stream().map(Verdict.Line::text).toList();
    }

    private void row(String board, CellOutcome... cells) {
        for (int i = 0; i < cells.length; i++) {
            outcomes.put(new Cell(board, i), cells[i]);
        }
    }

    @Test
    void showsOnlyWhatACommitChanged() {
        row("fir", OK, FAILED, FAILED, OK);
        row("elm", OK, OK, WARNING, WARNING);
        row("oak", OK, OK, OK, OK);

        assertThat(verdict(4, Board.of("fir", "sandbox"), Board.of("elm", "arm"), Board.of("oak", "arm")))
                .containsExactly(
                        "02: subject\\x1b 2",
                        "   sandbox:  +  fir",
                        "03: subject\\x1b 3",
                        "       arm:  w+ elm",
                        "04: subject\\x1b 4",
                        "   sandbox:     fir");
    }

    @Test
    void saysNothingWhenNothingChanged() {
        row("fir", OK, OK);

        assertThat(verdict(2, Board.of("fir", "sandbox"))).isEmpty();
    }

    @Test
    void comparesWithTheLastVerdictAcrossACellThatWasNotBuilt() {
        row("fir", FAILED, new NotBuilt(Reason.MACHINE_LOST, "m1: gone"), FAILED);

        assertThat(verdict(3, Board.of("fir", "arm")))
                .containsExactly(
                        "01: subject\\x1b 1", "       arm:  +  fir", "not built, machine lost: m1: gone: fir (1 cell)");
    }
}
