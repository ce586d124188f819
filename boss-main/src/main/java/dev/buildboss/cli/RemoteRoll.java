package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Notices when none of a run's machines is of any use, in the words that users know. Not safe for threads. */
final class RemoteRoll {

    private static final Set<MachineState> FALLEN = EnumSet.of(MachineState.UNAVAILABLE, MachineState.LOST);

    private List<String> machines = List.of();
    private boolean local;
    private boolean useful;
    private final Map<String, MachineState> reached = new HashMap<>();
    private final Set<String> fallen = new HashSet<>();

    /** Takes an event; a text to show when it was the last machine's end before any of them built. */
    Optional<String> add(BuildEvent event) {
        if (event instanceof BuildEvent.RunStarted started) {
            machines = started.machines();
            local = started.localSlots() > 0;
        } else if (event instanceof BuildEvent.MachineChanged changed && machines.contains(changed.machine())) {
            return change(changed.machine(), changed.state());
        }
        return Optional.empty();
    }

    private Optional<String> change(String machine, MachineState state) {
        useful |= state == MachineState.BUILDING;
        if (state == MachineState.BUSY) {
            useful = true; // it may join yet
        }
        if (state == MachineState.CONNECTING || state == MachineState.PREPARING) {
            reached.put(machine, state);
        }
        boolean news = FALLEN.contains(state) && fallen.add(machine);
        if (!news || useful || !fallen.containsAll(machines)) {
            return Optional.empty();
        }
        String what = reached.containsValue(MachineState.PREPARING)
                ? "No remote toolchains available"
                : reached.containsValue(MachineState.CONNECTING)
                        ? "No remote workers available"
                        : "No machines available";
        return Optional.of(
                what + (local ? ": building on this computer alone" : ", and nothing is built here (--no-local)"));
    }
}
