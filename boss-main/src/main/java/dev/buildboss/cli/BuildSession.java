package dev.buildboss.cli;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One build from start to end, with its display and its signals. */
final class BuildSession {

    /** What the boss needs for its own end beyond the workers' time. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final BossCommand boss;
    private final boolean verbose;

    BuildSession(BossCommand boss, boolean verbose) {
        this.boss = boss;
        this.verbose = verbose;
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
        Display display = boss.json
                ? new JsonDisplay(around.out(), around.err())
                : new PersonDisplay(around.out(), around.screen(), verbose, request, boss.nanoTime);
        notes.forEach(display::note);
        Interrupts interrupts = boss.interrupts.listen();
        Builds.Started started = boss.builds.start(settings, request, machines, processes);
        Optional<BuildReport> report = Optional.empty();
        try {
            report = new RunDriver(
                            started.run(),
                            display,
                            interrupts,
                            settings.boss().quitTimeout().plus(SLACK),
                            boss.nanoTime)
                    .follow();
            report.ifPresent(done -> display.end(request, done, warningsAreFine));
        } finally {
            if (report.isPresent() || interrupts.count() == 0) {
                started.close();
            }
        }
        return report;
    }
}
