package dev.buildboss;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.ExitStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a run ended: every cell of the matrix with its one outcome.
 *
 * @param outcomes the outcome of each cell, those of earlier runs included
 * @param previous how many of them an earlier run built
 * @param duration from start to end
 * @param interrupted whether the user stopped it
 * @param machines what each machine did
 * @param internalErrors what went wrong inside Buildboss itself; empty in a sane run
 */
public record BuildReport(
        Map<Cell, CellOutcome> outcomes,
        int previous,
        Duration duration,
        boolean interrupted,
        List<MachineReport> machines,
        List<String> internalErrors) {

    /** Copies the collections. */
    public BuildReport {
        outcomes = Map.copyOf(outcomes);
        requireNonNull(duration, "duration");
        machines = List.copyOf(machines);
        internalErrors = List.copyOf(internalErrors);
    }

    /** The run's exit status by the rule of {@link ExitStatus}. */
    public ExitStatus exitStatus(boolean warningsAreFine) {
        return ExitStatus.of(outcomes.values(), interrupted, !internalErrors.isEmpty(), warningsAreFine);
    }

    /**
     * What one machine did.
     *
     * @param machine its name
     * @param cells cells built there and stored
     * @param sentBytes bytes sent to it
     * @param receivedBytes bytes received from it
     * @param ended how it ended: {@code finished}, or the reason why it was lost or not used
     */
    public record MachineReport(String machine, int cells, long sentBytes, long receivedBytes, String ended) {}
}
