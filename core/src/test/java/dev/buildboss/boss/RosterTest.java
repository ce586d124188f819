package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildReport;
import dev.buildboss.boss.Roster.Ending;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RosterTest {

    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration ASK = Duration.ofSeconds(7);
    private static final Settings.Boss SETTINGS = Settings.of(ConfigFactory.parseString(
                    "buildboss.boss { max-reconnects = 1, reconnect-delay = 1 s, max-delay = 6 s, when-busy = wait,"
                            + " busy-interval = 7 s, busy-patience = 7 s }"))
            .boss();

    private final Roster roster = new Roster(List.of(machine("ruru"), machine("moa")), SETTINGS);

    private static Machine machine(String name) {
        return new Machine(name, name, 1, "work", Optional.empty(), List.of());
    }

    private Ending connectAndEnd(Boss.End how, boolean wanted) {
        roster.connect("ruru");
        return roster.end(new Boss.MachineEnded("ruru", how, "so", 3, 4), wanted);
    }

    @Test
    void aLostMachineComesBackAsLongAsItIsWantedAndHasAttemptsLeft() {
        assertThat(connectAndEnd(Boss.End.LOST, true))
                .isEqualTo(new Ending(MachineState.LOST, Optional.of(DELAY), true));
        assertThat(connectAndEnd(Boss.End.LOST, true)).isEqualTo(new Ending(MachineState.LOST, Optional.empty(), true));
    }

    @Test
    void noMachineComesBackToARunThatIsOver() {
        assertThat(connectAndEnd(Boss.End.LOST, false).again()).isEmpty();
        assertThat(connectAndEnd(Boss.End.BUSY, false).state()).isEqualTo(MachineState.UNAVAILABLE);
    }

    @Test
    void thatAMachineIsBusyIsToldOnceAndAgainWhenNobodyWaitsForItAnyMore() {
        assertThat(connectAndEnd(Boss.End.BUSY, true)).isEqualTo(new Ending(MachineState.BUSY, Optional.of(ASK), true));
        assertThat(connectAndEnd(Boss.End.BUSY, true))
                .isEqualTo(new Ending(MachineState.UNAVAILABLE, Optional.empty(), true));
    }

    @Test
    void aMachineThatIsBusyStillIsNoNews() {
        Settings.Boss patient = Settings.of(ConfigFactory.parseString(
                        "buildboss.boss { when-busy = wait, busy-interval = 7 s, busy-patience = 1 h }"))
                .boss();
        Roster waiting = new Roster(List.of(machine("ruru")), patient);
        Boss.MachineEnded busy = new Boss.MachineEnded("ruru", Boss.End.BUSY, "so", 0, 0);
        waiting.connect("ruru");
        assertThat(waiting.end(busy, true).isNews()).isTrue();
        waiting.connect("ruru");

        assertThat(waiting.end(busy, true)).isEqualTo(new Ending(MachineState.BUSY, Optional.of(ASK), false));
    }

    @Test
    void whatEndsInOrderIsFinishedWhoeverEndedIt() {
        assertThat(connectAndEnd(Boss.End.FINISHED, true))
                .isEqualTo(new Ending(MachineState.FINISHED, Optional.empty(), true));
        assertThat(connectAndEnd(Boss.End.STOPPED, true).state()).isEqualTo(MachineState.FINISHED);
        assertThat(connectAndEnd(Boss.End.EXPELLED, true).state()).isEqualTo(MachineState.LOST);
    }

    @Test
    void tellsWhatEachMachineDidOverAllItsConnections() {
        roster.connect("ruru");
        roster.built("ruru");
        roster.end(new Boss.MachineEnded("ruru", Boss.End.LOST, "reset", 3, 4), true);
        assertThat(roster.hasEnded("ruru")).isTrue();
        roster.connect("ruru");
        roster.built("ruru");

        assertThat(roster.hasEnded("ruru")).isFalse();
        assertThat(roster.words("ruru"::equals))
                .containsExactly(
                        "ruru: at work, 2 cells built, connection 2", "moa: not used, 0 cells built, connection 0");
        roster.end(new Boss.MachineEnded("ruru", Boss.End.FINISHED, "finished", 30, 40), true);
        assertThat(roster.reports())
                .containsExactly(
                        new BuildReport.MachineReport("ruru", 2, 33, 44, "finished"),
                        new BuildReport.MachineReport("moa", 0, 0, 0, "not used"));
    }
}
