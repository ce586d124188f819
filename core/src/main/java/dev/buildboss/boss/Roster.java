package dev.buildboss.boss;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildReport;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The machines of a run, what each did over all its connections, and which of them come back (pure). Used by {@link Boss} alone.
 */
final class Roster {

    /**
     * What follows from a connection's end.
     *
     * @param state what is told of the machine
     * @param again after how long it is connected to again; empty: not at all
     * @param isNews whether it was not told just so already
     */
    record Ending(MachineState state, Optional<Duration> again, boolean isNews) {}

    private final Settings.Boss settings;
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Map<String, MachineTotals> totals = new LinkedHashMap<>();

    /** None of these is connected yet. */
    Roster(List<Machine> all, Settings.Boss settings) {
        this.settings = settings;
        all.forEach(machine -> {
            machines.put(machine.name(), machine);
            totals.put(machine.name(), new MachineTotals());
        });
    }

    /** The machine of that name, which is one of the run's. */
    Machine machine(String name) {
        return requireNonNull(machines.get(name), name);
    }

    /** A connection begins; its number for that machine, from 1. */
    int connect(String machine) {
        return of(machine).connect();
    }

    /** It built a cell. */
    void built(String machine) {
        of(machine).built();
    }

    /** Whether that machine's present connection has said its last words, if it has one. */
    boolean hasEnded(String machine) {
        return of(machine).hasEnded();
    }

    /**
     * A connection ended, or could not begin.
     *
     * @param wanted whether the run has anything to do for the machine still
     */
    Ending end(Boss.MachineEnded ended, boolean wanted) {
        MachineTotals total = of(ended.machine());
        total.end(ended);
        Optional<Duration> again = wanted ? total.again(ended.how(), settings) : Optional.empty();
        MachineState state = switch (ended.how()) {
            case FINISHED, STOPPED -> MachineState.FINISHED;
            case UNAVAILABLE -> MachineState.UNAVAILABLE;
            case BUSY -> again.isPresent() ? MachineState.BUSY : MachineState.UNAVAILABLE;
            case LOST, EXPELLED -> MachineState.LOST;
        };
        return new Ending(state, again, !total.isStillBusy() || state != MachineState.BUSY);
    }

    /** A line for the run's log about each machine. */
    List<String> words(Predicate<String> atWork) {
        return totals.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().words(atWork.test(entry.getKey())))
                .toList();
    }

    List<BuildReport.MachineReport> reports() {
        return totals.entrySet().stream()
                .map(entry -> entry.getValue().report(entry.getKey()))
                .toList();
    }

    private MachineTotals of(String machine) {
        return totals.computeIfAbsent(machine, name -> new MachineTotals());
    }
}
