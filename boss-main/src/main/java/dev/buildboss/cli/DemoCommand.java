package dev.buildboss.cli;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildbossException;
import dev.buildboss.boards.BoardList;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Machine;
import dev.buildboss.report.CommitSeries;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code boss demo}: the main job on a small tree that the program carries. */
@Command(
        name = "demo",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Builds a small boot loader, 8 boards × 4 commits, here and on two worker processes.",
        description = {
            "",
            "One commit makes two boards warn, one breaks a board: the verdict at the end finds both. Needs git, make and gcc.",
            "The exit status is 0 if the demo showed what it is to show.",
            ""
        })
final class DemoCommand implements Callable<Integer> {

    private static final String BRANCH = "work";
    private static final int CELLS = 32;
    private static final int WARNINGS = 3;
    private static final int FAILURES = 1;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the tree, the workers and the results go (default: a new temporary directory).")
    @Nullable
    private Path dir;

    private final BossCommand boss;

    DemoCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        Path place = place();
        Path tree = DemoTree.make(place);
        // Nothing of the user's settings: the demo is the same everywhere. A loaded computer is fit for it, too.
        Settings settings = boss.loader(Optional.empty())
                .set("probe.max-load", "1000", "demo")
                .load()
                .settings();
        PrintStream words = boss.json ? boss.around.err() : boss.around.out();
        words.println("The demo's tree is " + tree + ": branch " + BRANCH + " has 3 commits on top of main.");
        words.println("It is built on this computer's threads and on two worker processes, demo1 and demo2:");
        words.println();
        BuildRequest request = request(tree, place.resolve("results"));
        Map<String, Path> processes = new LinkedHashMap<>();
        processes.put("demo1", place.resolve("demo1"));
        processes.put("demo2", place.resolve("demo2"));
        List<Machine> machines = Stream.concat(
                        Stream.of(Machine.local()),
                        processes.keySet().stream()
                                .map(name -> new Machine(name, name, 0, "", Optional.empty(), List.of())))
                .toList();
        BuildSession session = new BuildSession(boss, false);
        Optional<BuildReport> report = session.run(settings, request, machines, processes, List.of(), false);
        int status = RunDriver.exitCode(report, false);
        words.println();
        return explain(words, place, request, report, status);
    }

    private int explain(PrintStream words, Path place, BuildRequest request, Optional<BuildReport> report, int status) {
        if (report.isEmpty() || report.get().interrupted()) {
            words.println("The demo was stopped; run it again with --dir " + place + " to go on from here.");
            return status;
        }
        words.println(
                "What happened: + marks boards that a commit broke, w+ boards that it made warn, and a name without a sign");
        words.println("one that it fixed. The exit status of such a build is " + status + ": a board failed.");
        words.println(
                "Each cell's results are in " + request.outputDir() + "/<commit>/<board>: done, err, log, sizes, …");
        words.println("Look at  " + request.outputDir() + "/04_*/fir/err");
        if (isAsExpected(report.get())) {
            words.println("The demo showed what it is to show. Next: boss build in a U-Boot tree (boss build --help).");
            return 0;
        }
        words.println("The demo did not come out as expected: " + CELLS + " cells, " + WARNINGS + " with warnings and "
                + FAILURES + " failed were expected.");
        return status == 0 ? 1 : status;
    }

    private static boolean isAsExpected(BuildReport report) {
        return report.outcomes().size() == CELLS
                && count(report, Kind.FAILED) == FAILURES
                && count(report, Kind.WARNING) == WARNINGS
                && count(report, Kind.OK) == CELLS - FAILURES - WARNINGS;
    }

    private static long count(BuildReport report, Kind kind) {
        return report.outcomes().values().stream().filter(o -> isKind(o, kind)).count();
    }

    private static boolean isKind(CellOutcome outcome, Kind kind) {
        return outcome instanceof Built built && built.kind() == kind;
    }

    private static BuildRequest request(Path tree, Path results) {
        try (SourceRepository repository = SourceRepository.open(tree)) {
            CommitSeries series = repository.series(SeriesRequest.branch(BRANCH));
            return BuildRequest.of(
                    repository.gitDir(),
                    BoardList.scan(repository.tree(BRANCH)).all(),
                    series.commits(),
                    results.resolve(BRANCH));
        }
    }

    private Path place() {
        try {
            if (dir == null) {
                return Files.createTempDirectory("buildboss-demo-");
            }
            return Files.createDirectories(boss.around.resolve(dir));
        } catch (IOException e) {
            throw new BuildbossException("the demo's directory can't be made: " + e.getMessage(), e);
        }
    }
}
