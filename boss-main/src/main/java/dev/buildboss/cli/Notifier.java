package dev.buildboss.cli;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.text.Printable;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code --notify}: runs a command at a run's end, with the verdict in its environment. It never changes the verdict. */
final class Notifier {

    private static final Duration KILL_GRACE = Duration.ofSeconds(1);
    private static final int MAX_OUTPUT = 64 * 1024;
    private static final int MAX_BOARDS = 1_000;

    private final Surroundings around;
    private final String command;
    private final Duration limit;

    /**
     * A notifier.
     *
     * @param command what a shell runs
     * @param limit the longest it may take
     */
    Notifier(Surroundings around, String command, Duration limit) {
        this.around = around;
        this.command = command;
        this.limit = limit;
    }

    void run(BuildRequest request, BuildReport report, int status) {
        Map<String, String> environment = new HashMap<>(around.environment());
        environment.putAll(verdict(request, report, status));
        try (ProcessRunner runner = new ProcessRunner(KILL_GRACE)) {
            Execution done = runner.run(new Exec(
                    List.of("/bin/sh", "-c", command),
                    Files.isDirectory(request.outputDir()) ? request.outputDir() : around.directory(),
                    environment,
                    limit,
                    MAX_OUTPUT,
                    Optional.empty()));
            around.err().print(Printable.lines(done.out()));
            around.err().print(Printable.lines(done.err()));
            if (!done.ok()) {
                around.err()
                        .println("boss: --notify " + Printable.line(command) + ": "
                                + Printable.line(
                                        done.detail().isEmpty() ? "exit status " + done.code() : done.detail()));
            }
        }
    }

    /** What the command is told. */
    static Map<String, String> verdict(BuildRequest request, BuildReport report, int status) {
        Map<String, String> told = new HashMap<>();
        told.put("BUILDBOSS_VERDICT", Verdicts.words(status));
        told.put("BUILDBOSS_STATUS", String.valueOf(status));
        told.put("BUILDBOSS_OUTPUT_DIR", request.outputDir().toString());
        told.put("BUILDBOSS_BOARDS", String.valueOf(request.boards().size()));
        told.put(
                "BUILDBOSS_COMMITS",
                String.valueOf(request.current() ? 0 : request.commits().size()));
        told.put("BUILDBOSS_OK", String.valueOf(RunWatch.count(report, Kind.OK)));
        told.put("BUILDBOSS_WARNINGS", String.valueOf(RunWatch.count(report, Kind.WARNING)));
        told.put("BUILDBOSS_FAILED", String.valueOf(RunWatch.count(report, Kind.FAILED)));
        told.put(
                "BUILDBOSS_NOT_BUILT",
                String.valueOf(report.outcomes().values().stream()
                        .filter(outcome -> !(outcome instanceof Built))
                        .count()));
        told.put("BUILDBOSS_SECONDS", String.valueOf(report.duration().toSeconds()));
        told.put(
                "BUILDBOSS_FAILED_BOARDS",
                report.outcomes().entrySet().stream()
                        .filter(e -> e.getValue() instanceof Built built && built.kind() == Kind.FAILED)
                        .map(Map.Entry::getKey)
                        .map(Cell::board)
                        .distinct()
                        .sorted()
                        .limit(MAX_BOARDS)
                        .collect(Collectors.joining(" ")));
        return told;
    }
}
