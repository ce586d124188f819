package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildbossException;
import dev.buildboss.model.ExitStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/** Follows one run to its end on the calling thread: shows its events, stops it when asked to, and tells how it ended. */
final class RunDriver {

    private static final Duration TICK = Duration.ofMillis(100);

    private final BuildRun run;
    private final Display display;
    private final Interrupts interrupts;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private Optional<BuildEvent.Notice> held = Optional.empty();
    private final RemoteRoll roll = new RemoteRoll();
    private long stoppedAt;
    private boolean stopping;

    /**
     * A driver.
     *
     * @param patience how long a stopped run may take to end
     */
    RunDriver(BuildRun run, Display display, Interrupts interrupts, Duration patience, LongSupplier nanoTime) {
        this.run = run;
        this.display = display;
        this.interrupts = interrupts;
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    /**
     * Waits for the run's end.
     *
     * @return the report; empty if the run was stopped and did not end in time
     * @throws BuildbossException if the run could not start
     */
    Optional<BuildReport> follow() {
        EventQueue queue = new EventQueue();
        run.events().subscribe(queue);
        CompletableFuture<BuildReport> report = run.report().toCompletableFuture();
        try {
            while (true) {
                EventQueue.Next next = queue.take(TICK);
                if (next instanceof EventQueue.Next.Event event) {
                    show(event.event());
                } else if (next instanceof EventQueue.Next.End) {
                    break;
                } else {
                    display.tick();
                }
                if (isOverdue()) {
                    return Optional.empty();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            run.cancelNow();
            return Optional.empty();
        }
        return Optional.of(result(report));
    }

    private void show(BuildEvent event) {
        releaseHeld();
        if (event instanceof BuildEvent.MachineChanged changed) {
            switch (changed.state()) {
                case FINISHED, UNAVAILABLE, LOST, BUSY -> interrupts.working().remove(changed.machine());
                default -> interrupts.working().add(changed.machine());
            }
        }
        if (event instanceof BuildEvent.Notice notice && notice.machine().isEmpty()) {
            // The last notice of a run that could not start says what its failure says.
            held = Optional.of(notice);
        } else {
            display.event(event);
        }
        roll.add(event).ifPresent(display::note);
    }

    private void releaseHeld() {
        held.ifPresent(display::event);
        held = Optional.empty();
    }

    /** Passes a stop on to the run; whether a stopped run takes too long. */
    private boolean isOverdue() {
        if (interrupts.count() > 0 && !stopping) {
            stopping = true;
            stoppedAt = nanoTime.getAsLong();
            display.note("stopping… (again to leave at once)");
            run.cancel();
        }
        if (stopping && nanoTime.getAsLong() - stoppedAt > patience.toNanos()) {
            run.cancelNow();
            Set<String> silent = new TreeSet<>(interrupts.working());
            display.note(silent.isEmpty() ? "stopped" : "stopped; no answer from " + String.join(", ", silent));
            return true;
        }
        return false;
    }

    private BuildReport result(CompletableFuture<BuildReport> report) {
        try {
            BuildReport result = report.join();
            releaseHeld();
            return result;
        } catch (CompletionException e) {
            if (e.getCause() instanceof BuildbossException known) {
                throw known;
            }
            throw new IllegalStateException("the run failed: " + e.getCause(), e.getCause());
        }
    }

    /** The exit code for how a run ended. */
    static int exitCode(Optional<BuildReport> report, boolean warningsAreFine) {
        return report.map(r -> r.exitStatus(warningsAreFine).code()).orElse(ExitStatus.INTERRUPTED.code());
    }
}
