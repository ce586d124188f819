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

    /** What of the workers' time is kept for this program's own end. */
    private static final Duration RESERVE = Duration.ofMillis(500);

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
            report = new RunDriver(started.run(), display, interrupts, patience(settings), boss.nanoTime).follow();
            report.ifPresent(done -> display.end(request, done, warningsAreFine));
        } finally {
            if (report.isPresent() || interrupts.count() == 0) {
                started.close();
            }
        }
        return report;
    }

    /** A stopped run may take as long as the workers may, but everything is dead by then. */
    private static Duration patience(Settings settings) {
        Duration quit = settings.boss().quitTimeout();
        return quit.compareTo(RESERVE.multipliedBy(2)) > 0 ? quit.minus(RESERVE) : quit;
    }
}
