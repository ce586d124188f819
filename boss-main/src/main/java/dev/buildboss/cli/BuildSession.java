package dev.buildboss.cli;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildbossException;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.history.LongestFirst;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.report.timeline.TimelineFile;
import dev.buildboss.report.timeline.TraceFile;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** One build from start to end, with its display and its signals. */
final class BuildSession {

    /** What of the workers' time is kept for this program's own end. */
    private static final Duration RESERVE = Duration.ofMillis(500);

    private final BossCommand boss;
    private final boolean verbose;
    private final int failuresToStop;
    private final Optional<Notifier> notifier;
    private int status = ExitStatus.INTERRUPTED.code();
    private Optional<Path> trace = Optional.empty();
    private UnaryOperator<Display> through = UnaryOperator.identity();

    BuildSession(BossCommand boss, boolean verbose) {
        this(boss, verbose, new EndOptions());
    }

    BuildSession(BossCommand boss, boolean verbose, EndOptions end) {
        this.boss = boss;
        this.verbose = verbose;
        this.failuresToStop = end.failuresToStop();
        this.notifier = end.notifier(boss.around);
    }

    /** The exit status of what was run. */
    int status() {
        return status;
    }

    /** Writes a trace of the run to a file. */
    BuildSession traceTo(Optional<Path> file) {
        trace = file;
        return this;
    }

    /** Lets another display look on at what is shown, and change it. */
    BuildSession shownThrough(UnaryOperator<Display> wrapper) {
        through = wrapper;
        return this;
    }

    private Optional<TraceFile> openTrace() {
        if (trace.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TraceFile(Files.newBufferedWriter(trace.get(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new BuildbossException("can't write the trace to " + trace.get() + ": " + e.getMessage());
        }
    }

    /**
     * Runs it.
     *
     * @return the report; empty if the run was stopped and did not end in time
     */
    Optional<BuildReport> run(
            Settings settings,
            BuildRequest request,
            List<Machine> machines,
            Map<String, Path> processes,
            List<String> notes,
            boolean warningsAreFine) {
        Surroundings around = boss.around;
        Display screen = through.apply(
                boss.json
                        ? new JsonDisplay(around.out(), around.err())
                        : new PersonDisplay(around.out(), around.screen(), verbose, request, boss.nanoTime));
        TimelineFile timeline = new TimelineFile(request.outputDir(), Instant.now());
        try (TimelineDisplay shown = new TimelineDisplay(screen, boss.nanoTime, timeline, openTrace())) {
            notes.forEach(shown::note);
            if (settings.history().enabled() && processes.isEmpty() && !request.dryRun()) {
                try (RecordingDisplay recording = new RecordingDisplay(
                        shown, settings.history(), around.home(), request, boss.nanoTime, Clock.systemUTC())) {
                    LearntEstimates estimates = recording.estimates(request);
                    BuildRequest ordered = request.withBoards(LongestFirst.order(
                            request.boards(), request.commits().size(), estimates));
                    return run(
                            settings,
                            ordered,
                            machines,
                            processes,
                            estimates,
                            run -> new ForecastDisplay(recording, estimates, run::previous, boss.nanoTime),
                            warningsAreFine);
                }
            }
            return run(settings, request, machines, processes, Estimates.EVEN, run -> shown, warningsAreFine);
        }
    }

    private Optional<BuildReport> run(
            Settings settings,
            BuildRequest request,
            List<Machine> machines,
            Map<String, Path> processes,
            Estimates estimates,
            Function<BuildRun, Display> shown,
            boolean warningsAreFine) {
        Interrupts interrupts = boss.interrupts.listen();
        Builds.Started started = boss.builds.start(settings, request, machines, processes, estimates);
        Optional<BuildReport> report = Optional.empty();
        RunWatch display = new RunWatch(
                shown.apply(started.run()),
                request,
                Clock.systemUTC(),
                failuresToStop,
                () -> started.run().cancel());
        try {
            report = new RunDriver(started.run(), display, interrupts, patience(settings), boss.nanoTime).follow();
            report.ifPresent(done -> {
                display.end(request, done, warningsAreFine);
                status = display.status(done, interrupts.count() > 0, warningsAreFine);
                display.ended(done, status);
            });
        } finally {
            if (report.isPresent() || interrupts.count() == 0) {
                started.close();
            }
        }
        report.ifPresent(done -> notifier.ifPresent(n -> n.run(request, done, status)));
        return report;
    }

    /** A stopped run may take as long as the workers may, but everything is dead by then. */
    private static Duration patience(Settings settings) {
        Duration quit = settings.boss().quitTimeout();
        return quit.compareTo(RESERVE.multipliedBy(2)) > 0 ? quit.minus(RESERVE) : quit;
    }
}
