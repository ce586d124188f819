package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemoteRollTest {

    private final RemoteRoll roll = new RemoteRoll();

    private void start(int localSlots) {
        roll.add(new BuildEvent.RunStarted(1, 1, false, 1, 0, localSlots, 1, List.of("m1", "m2")));
    }

    private Optional<String> is(String machine, MachineState state) {
        return roll.add(new BuildEvent.MachineChanged(machine, state, ""));
    }

    @Test
    void saysThatNoMachineIsAvailableWhenTheLastOneFailsItsProbe() {
        start(2);
        is("m1", MachineState.PROBING);
        assertThat(is("m1", MachineState.UNAVAILABLE)).isEmpty();
        assertThat(is("m2", MachineState.UNAVAILABLE))
                .contains("No machines available: building on this computer alone");
        assertThat(is("m2", MachineState.LOST)).isEmpty();
    }

    @Test
    void saysThatNoWorkerStarted() {
        start(0);
        is("m1", MachineState.CONNECTING);
        is("m1", MachineState.LOST);
        assertThat(is("m2", MachineState.UNAVAILABLE))
                .contains("No remote workers available, and nothing is built here (--no-local)");
    }

    @Test
    void saysThatNoWorkerHasACompiler() {
        start(2);
        is("m1", MachineState.PREPARING);
        is("m1", MachineState.UNAVAILABLE);
        assertThat(is("m2", MachineState.UNAVAILABLE))
                .contains("No remote toolchains available: building on this computer alone");
    }

    @Test
    void isSilentWhenOneBuildsOrMayJoinLater() {
        start(2);
        is("m1", MachineState.BUILDING);
        is("m1", MachineState.LOST);
        assertThat(is("m2", MachineState.UNAVAILABLE)).isEmpty();
        RemoteRoll other = new RemoteRoll();
        other.add(new BuildEvent.RunStarted(1, 1, false, 1, 0, 1, 1, List.of("m1")));
        other.add(new BuildEvent.MachineChanged("m1", MachineState.BUSY, ""));
        assertThat(other.add(new BuildEvent.MachineChanged("m1", MachineState.UNAVAILABLE, "")))
                .isEmpty();
    }
}
