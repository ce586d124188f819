package dev.buildboss.report.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.BoardStarted;
import dev.buildboss.BuildEvent.CellDone;
import dev.buildboss.BuildEvent.MachineChanged;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildReport;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.report.timeline.Slice.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTest {

    @TempDir
    private Path temp;

    private final List<Slice> slices = new ArrayList<>();
    private final TimelineRecorder recorder = new TimelineRecorder(slices::add);

    private static BuildEvent done(String board, int commit, int code) {
        return new CellDone(new Cell(board, commit), "c" + commit, Optional.of("ruru"), Built.of(code, false), "");
    }

    @Test
    void givesEachBoardTheLowestFreeThread() {
        recorder.event(0, new MachineChanged("ruru", MachineState.PREPARING, ""));
        recorder.event(50, new MachineChanged("ruru", MachineState.BUILDING, ""));
        recorder.event(60, new BoardStarted("elm", "ruru", 2));
        recorder.event(60, new BoardStarted("oak", "ruru", 1));
        recorder.event(100, done("elm", 0, 0));
        recorder.event(110, done("elm", 1, 2));
        recorder.event(120, new BoardStarted("ash", "ruru", 1));
        recorder.event(130, new BuildEvent.BoardRequeued("oak", "ruru", "lost"));

        assertThat(slices)
                .containsExactly(
                        new Slice("ruru", 0, "", "", 0, 50, "preparing"),
                        new Slice("ruru", 1, "elm", "c0", 60, 100, "ok"),
                        new Slice("ruru", 1, "elm", "c1", 100, 110, "failed"),
                        new Slice("ruru", 2, "oak", "", 60, 130, "requeued"));
        recorder.event(140, done("ash", 0, 0));
        assertThat(slices.get(4)).isEqualTo(new Slice("ruru", 1, "ash", "c0", 120, 140, "ok"));
    }

    @Test
    void tellsBuildsOfACellInDoubtWhereAndWhenTheyWere() {
        Built failed = Built.of(2, true);
        Cell cell = new Cell("elm", 0);
        recorder.event(0, new BoardStarted("elm", "ruru", 2));
        recorder.event(10, new BuildEvent.CellBuilt(cell, "c0", "ruru", failed));
        recorder.event(20, new BoardStarted("elm", "moa", 1));
        recorder.event(30, done("elm", 1, 0));
        recorder.event(40, new BuildEvent.CellBuilt(cell, "c0", "moa", failed));
        recorder.event(40, done("elm", 0, 2));

        assertThat(slices)
                .containsExactly(
                        new Slice("ruru", 1, "elm", "c0", 0, 10, "failed"),
                        new Slice("ruru", 1, "elm", "c1", 10, 30, "ok"),
                        new Slice("moa", 1, "elm", "c0", 20, 40, "failed"));
    }

    @Test
    void aThreadIsFreeWhenItsMachineIsThroughWithABoardWhoseLastCommitsAnotherTookOver() {
        recorder.event(0, new BoardStarted("elm", "ruru", 5));
        recorder.event(100, done("elm", 0, 0));
        recorder.event(105, new BuildEvent.BoardEnded("elm", "ruru"));
        recorder.event(110, new BoardStarted("oak", "ruru", 1));
        recorder.event(150, done("oak", 0, 0));

        assertThat(slices)
                .containsExactly(
                        new Slice("ruru", 1, "elm", "c0", 0, 100, "ok"),
                        new Slice("ruru", 1, "oak", "c0", 110, 150, "ok"));
    }

    @Test
    void whatWasBegunAndGivenBackIsShownUpToThen() {
        recorder.event(0, new BoardStarted("elm", "ruru", 2));
        recorder.event(100, done("elm", 0, 0));
        recorder.event(180, new BuildEvent.BoardEnded("elm", "ruru"));
        recorder.event(190, new BuildEvent.BoardEnded("elm", "ruru"));

        assertThat(slices)
                .containsExactly(
                        new Slice("ruru", 1, "elm", "c0", 0, 100, "ok"),
                        new Slice("ruru", 1, "elm", "", 100, 180, "given-back"));
    }

    @Test
    void aMachineThatIsLostHoldsNoBoardAnyMoreAlthoughNoneOfItGoesBack() {
        recorder.event(0, new BoardStarted("elm", "ruru", 2));
        recorder.event(70, new MachineChanged("ruru", MachineState.LOST, "reset"));
        recorder.event(90, new BoardStarted("elm", "ruru", 1));
        recorder.event(99, done("elm", 0, 0));

        assertThat(slices)
                .containsExactly(
                        new Slice("ruru", 1, "elm", "", 0, 70, "not-built"),
                        new Slice("ruru", 1, "elm", "c0", 90, 99, "ok"));
    }

    /** What the boards of a lost machine were is told by another way than the loss, and may come after it. */
    @Test
    void whatIsToldOfALostMachinesBoardsAfterItsLossEndedWithIt() {
        recorder.event(0, new BoardStarted("elm", "ruru", 2));
        recorder.event(0, new BoardStarted("oak", "ruru", 1));
        recorder.event(0, new BoardStarted("fir", "ruru", 1));
        recorder.event(70, new MachineChanged("ruru", MachineState.LOST, "reset"));
        recorder.event(75, done("elm", 0, 0));
        recorder.event(80, new BoardStarted("ash", "ruru", 1));
        recorder.event(85, done("oak", 0, 2));
        recorder.event(90, new BuildEvent.BoardRequeued("elm", "ruru", "reset"));
        recorder.event(95, new BuildEvent.BoardRequeued("fir", "ruru", "reset"));
        recorder.event(99, done("ash", 0, 0));

        assertThat(slices)
                .containsExactly(
                        new Slice("ruru", 1, "elm", "c0", 0, 70, "ok"),
                        new Slice("ruru", 2, "oak", "c0", 0, 70, "failed"),
                        new Slice("ruru", 1, "elm", "", 70, 70, "requeued"),
                        new Slice("ruru", 3, "fir", "", 0, 70, "requeued"),
                        new Slice("ruru", 1, "ash", "c0", 80, 99, "ok"));
    }

    @Test
    void aLostMachinesBoardThatNothingMoreIsToldOfIsShownUpToTheLoss() {
        recorder.event(0, new BoardStarted("elm", "ruru", 2));
        recorder.event(70, new MachineChanged("ruru", MachineState.LOST, "reset"));
        recorder.event(75, new MachineChanged("ruru", MachineState.LOST, "reset"));
        recorder.event(
                90,
                new BuildEvent.RunEnded(
                        new BuildReport(Map.of(), 0, Duration.ZERO, false, List.of(), List.of()), Duration.ZERO));

        assertThat(slices).containsExactly(new Slice("ruru", 1, "elm", "", 0, 70, "not-built"));
    }

    @Test
    void aBoardThatBeginsAgainWithoutAnEndLeavesItsThread() {
        recorder.event(0, new BoardStarted("elm", "ruru", 2));
        recorder.event(50, new BoardStarted("elm", "ruru", 1));
        recorder.event(90, done("elm", 0, 0));

        assertThat(slices).containsExactly(new Slice("ruru", 1, "elm", "c0", 50, 90, "ok"));
    }

    @Test
    void keepsTimelinesBesideTheResults() throws Exception {
        Slice slice = new Slice("ru\"ru\n", 1, "elm", "c0", 60, 100, "ok", Phase.CONFIGURE);
        for (int run = 1; run <= 22; run++) {
            try (TimelineFile file = new TimelineFile(temp, Instant.ofEpochMilli(run))) {
                file.add(slice);
            }
        }
        Files.writeString(temp.resolve(".buildboss/timeline-22.jsonl"), "[\"cut o", StandardOpenOption.APPEND);

        assertThat(temp.resolve(".buildboss")).isDirectoryNotContaining("glob:**timeline-2.jsonl");
        assertThat(TimelineFile.read(temp, 2, 10))
                .containsExactly(
                        new Timeline(Instant.ofEpochMilli(21), List.of(slice)),
                        new Timeline(Instant.ofEpochMilli(22), List.of(slice)));
        assertThat(TimelineFile.read(temp.resolve("nowhere"), 2, 10)).isEmpty();
    }

    @Test
    void tellsACellsPhasesApartWhereTheMachineDoes() {
        recorder.event(0, new BoardStarted("elm", "ruru", 2));
        recorder.event(1_000, timed(0, 200, 500));
        recorder.event(1_000, done("elm", 0, 0));
        recorder.event(1_400, timed(1, 0, 100_000)); // more than there was
        recorder.event(1_400, done("elm", 1, 2));

        assertThat(slices)
                .containsExactly(
                        new Slice("ruru", 1, "elm", "c0", 0, 300, "ok", Phase.PREPARE),
                        new Slice("ruru", 1, "elm", "c0", 300, 500, "ok", Phase.CONFIGURE),
                        new Slice("ruru", 1, "elm", "c0", 500, 1_000, "ok", Phase.BUILD),
                        new Slice("ruru", 1, "elm", "c1", 1_000, 1_400, "failed", Phase.BUILD));
    }

    private static BuildEvent timed(int commit, long configureMs, long buildMs) {
        return new BuildEvent.CellTimed(
                new Cell("elm", commit),
                "ruru",
                Duration.ofMillis(configureMs),
                Duration.ofMillis(buildMs),
                Duration.ZERO);
    }
}
