package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.text.Printable;

/** Looks on at a build of MACHINEs: keeps the output of each that fails, and says so. One thread. */
final class BitbakeDisplay extends ForwardingDisplay {

    private final BitbakeWork work;

    BitbakeDisplay(Display shown, BitbakeWork work) {
        super(shown);
        this.work = work;
    }

    @Override
    public void event(BuildEvent event) {
        shown.event(event instanceof BuildEvent.RunStarted started ? withoutJobs(started) : event);
        if (event instanceof BuildEvent.CellDone done) {
            String machine = done.cell().board();
            work.keepOutput(machine, done.outcome());
            if (BitbakeWork.isFailure(done.outcome())) {
                shown.note("compiling for " + Printable.line(machine) + " failed ("
                        + ((Built) done.outcome()).returnCode() + "): see " + work.outputOf(machine));
            }
        }
    }

    /** How many jobs each has is bitbake's own affair. */
    private static BuildEvent withoutJobs(BuildEvent.RunStarted started) {
        return new BuildEvent.RunStarted(
                started.boards(),
                started.commits(),
                started.current(),
                started.total(),
                started.previous(),
                0,
                0,
                started.machines());
    }

    /** What an earlier boss was too dead to keep is kept now. */
    @Override
    public void end(BuildRequest request, BuildReport report, boolean warningsAreFine) {
        report.outcomes().forEach((cell, outcome) -> work.keepOutput(cell.board(), outcome));
        shown.end(request, report, warningsAreFine);
    }
}
