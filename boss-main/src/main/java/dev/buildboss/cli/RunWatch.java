package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.report.results.RunJournal;
import dev.buildboss.report.results.RunRecord;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Looks on at a run beside its display: writes the journal, and stops the run when enough has failed. One thread. */
final class RunWatch extends ForwardingDisplay {

    private final BuildRequest request;
    private final Clock clock;
    private final int failuresToStop;
    private final Runnable stop;
    private Optional<Integer> run = Optional.empty();
    private int failures;

    /**
     * A watch.
     *
     * @param failuresToStop how many cells may fail before the run is stopped; 0: however many
     * @param stop stops it
     */
    RunWatch(Display shown, BuildRequest request, Clock clock, int failuresToStop, Runnable stop) {
        super(shown);
        this.request = request;
        this.clock = clock;
        this.failuresToStop = failuresToStop;
        this.stop = stop;
    }

    /** Whether it was this that stopped the run. */
    boolean hasStopped() {
        return failuresToStop > 0 && failures >= failuresToStop;
    }

    /** The exit status; a run that failures stopped has failed, whatever that left unbuilt. */
    int status(BuildReport report, boolean userStopped, boolean warningsAreFine) {
        return hasStopped() && !userStopped && report.internalErrors().isEmpty()
                ? dev.buildboss.model.ExitStatus.FAILED.code()
                : report.exitStatus(warningsAreFine).code();
    }

    @Override
    public void event(BuildEvent event) {
        if (event instanceof BuildEvent.RunStarted started) {
            run = RunJournal.of(request.outputDir())
                    .begin(clock.instant(), started.boards(), started.current() ? 0 : started.commits());
        }
        shown.event(event);
        boolean failed = event instanceof BuildEvent.CellDone done
                && done.outcome() instanceof Built built
                && built.kind() == Kind.FAILED;
        if (failed) {
            failures++;
            if (failures == failuresToStop) {
                shown.note("stopping: " + failures + (failures == 1 ? " cell" : " cells") + " failed (--fail-fast)");
                stop.run();
            }
        }
    }

    /** Writes the end down. */
    void ended(BuildReport report, int status) {
        int[] kinds = new int[Kind.values().length + 1];
        Map<String, String> reasons = new HashMap<>();
        report.outcomes().forEach((cell, outcome) -> {
            if (outcome instanceof NotBuilt not) {
                kinds[kinds.length - 1]++;
                if (not.reason() != CellOutcome.Reason.CANCELLED) {
                    String hash = request.current()
                            ? ""
                            : request.commits().get(cell.commit()).hash();
                    String detail = not.detail().isEmpty() ? "" : ": " + not.detail();
                    reasons.put(RunRecord.cell(cell.board(), hash), not.reason().words() + detail);
                }
            }
        });
        run.ifPresent(id -> RunJournal.of(request.outputDir())
                .end(
                        id,
                        new RunRecord.End(
                                clock.instant(),
                                status,
                                report.previous(),
                                count(report, Kind.OK),
                                count(report, Kind.WARNING),
                                count(report, Kind.FAILED),
                                kinds[kinds.length - 1],
                                reasons)));
    }

    static int count(BuildReport report, Kind kind) {
        return (int) report.outcomes().values().stream()
                .filter(outcome -> outcome instanceof Built built && built.kind() == kind)
                .count();
    }
}
