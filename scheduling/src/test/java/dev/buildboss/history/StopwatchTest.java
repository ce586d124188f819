package dev.buildboss.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StopwatchTest {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final CellOutcome OK = new Built(Kind.OK, 0);

    private final Stopwatch stopwatch = new Stopwatch(List.of(Board.of("a", "arm"), Board.of("b", "x86")));

    private Optional<Build> at(long seconds, BuildEvent event) {
        return stopwatch.event(event, seconds * SECOND_NS, seconds);
    }

    private static BuildEvent started(String board, int cells) {
        return new BuildEvent.BoardStarted(board, "fast", cells);
    }

    private static BuildEvent done(String board, int commit, CellOutcome outcome) {
        return new BuildEvent.CellDone(new Cell(board, commit), "c" + commit, Optional.of("fast"), outcome, "");
    }

    @Test
    void aCellTakesFromTheOneBeforeItOnItsMachine() {
        at(10, started("a", 2));
        at(11, started("b", 1));

        assertThat(at(40, done("a", 0, OK))).contains(new Build("a", "arm", "c0", "fast", true, 30, 30 / 15.5, 40));
        assertThat(at(45, done("b", 0, OK))).contains(new Build("b", "x86", "c0", "fast", true, 34, 2, 45));
        assertThat(at(47, done("a", 1, OK))).contains(new Build("a", "arm", "c1", "fast", false, 7, 7 / 4.5, 47));
    }

    @Test
    void theLastBoardOfAMachineSharedItWithThoseThatEndedBefore() {
        List<String> boards = List.of("a", "b", "c", "d");
        boards.forEach(board -> at(0, started(board, 1)));
        at(4, done("b", 0, OK));
        at(8, done("c", 0, OK));
        at(16, done("d", 0, OK));

        // A quarter of it for 4 s, a third for 4 s, a half for 8 s, and all of it for 3 s: 9.33 s of the whole machine.
        assertThat(at(19, done("a", 0, OK)).orElseThrow().sharing())
                .isCloseTo(19 / (1 + 4 / 3.0 + 4 + 3), within(1e-9));
    }

    @Test
    void aCellKnowsHowManyThreadsItsMachineHas() {
        at(0, new BuildEvent.MachineReady("fast", 16, 4));
        at(0, started("a", 1));

        assertThat(at(9, done("a", 0, OK)).map(Build::threads)).contains(16);
    }

    @Test
    void aCellKnowsHowLongItWasConfiguredAndBuilt() {
        at(0, started("a", 2));
        at(
                8,
                new BuildEvent.CellTimed(
                        new Cell("a", 0),
                        "fast",
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(40)));

        Build first = at(9, done("a", 0, OK)).orElseThrow();
        assertThat(first.configureS()).isEqualTo(1.5);
        assertThat(first.cpuS()).isEqualTo(40);
        assertThat(first.seconds())
                .as("without what it waited for its worktree")
                .isEqualTo(7.5);
        Build second = at(11, done("a", 1, OK)).orElseThrow();
        assertThat(second.configureS()).isZero();
        assertThat(second.cpuS()).isZero();
        assertThat(second.seconds()).isEqualTo(2.0);
    }

    @Test
    void whatWasNotBuiltHasNoTimeAndTheNextBeginsAfterIt() {
        at(0, started("a", 2));

        assertThat(at(5, done("a", 0, new NotBuilt(Reason.RESULT_REFUSED, "too large"))))
                .isEmpty();
        assertThat(at(9, done("a", 1, OK)).map(Build::seconds)).contains(4.0);
    }

    @Test
    void aBoardThatWasGivenBackSharesItsMachineWithNobodyAnyMore() {
        at(0, started("a", 5));
        at(0, started("b", 2));
        assertThat(at(4, done("b", 0, OK)).map(Build::sharing)).contains(2.0);
        at(5, new BuildEvent.BoardEnded("a", "fast"));

        // From 4 to 5 both were there.
        assertThat(at(9, done("b", 1, OK)).map(Build::sharing)).contains(5 / 4.5);
        assertThat(at(9, done("a", 0, OK))).isEmpty();
    }

    @Test
    void aLostMachineAndMissedEventsLeaveNoTimesBehind() {
        at(0, started("a", 2));
        at(1, new BuildEvent.MachineChanged("fast", MachineState.LOST, "reset"));
        assertThat(at(2, done("a", 0, OK))).isEmpty();

        at(3, started("a", 2));
        at(4, new BuildEvent.Missed(7));
        assertThat(at(5, done("a", 0, OK))).isEmpty();
    }
}
