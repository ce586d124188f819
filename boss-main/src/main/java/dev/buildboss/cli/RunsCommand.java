package dev.buildboss.cli;

import dev.buildboss.report.results.RunJournal;
import dev.buildboss.report.results.RunRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code boss runs}: earlier runs with their verdicts. */
@Command(
        name = "runs",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Lists the runs that built into a results directory, with their verdicts.",
        description = {"", "  boss runs -b my-branch", "  boss runs -o ../results/my-branch", ""})
final class RunsCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    @Mixin
    private final GitOption git = new GitOption();

    @Mixin
    private final SeriesOptions series = new SeriesOptions();

    private final BossCommand boss;

    RunsCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        SourceOptions source = git.source();
        Path directory = new ResultsFinder(boss, source, series).directory();
        List<RunRecord> runs = RunJournal.of(directory).runs();
        if (boss.json) {
            runs.forEach(run -> boss.around.out().println(EventJson.text(json(run))));
            return 0;
        }
        TextTable table = new TextTable();
        table.row("run", "started", "took", "boards", "commits", "ok", "warned", "failed", "not built", "verdict");
        for (RunRecord run : runs) {
            table.row(
                    String.valueOf(run.id()),
                    TIME.format(run.started().atZone(ZoneId.systemDefault())),
                    run.end()
                            .map(end -> Tally.clock(Duration.between(run.started(), end.ended())))
                            .orElse("-"),
                    String.valueOf(run.boards()),
                    run.commits() == 0 ? "current" : String.valueOf(run.commits()),
                    count(run, "ok"),
                    count(run, "warnings"),
                    count(run, "failed"),
                    count(run, "not built"),
                    verdict(run));
        }
        table.lines().forEach(boss.around.out()::println);
        boss.around.err().println(runs.size() + (runs.size() == 1 ? " run in " : " runs in ") + directory);
        return 0;
    }

    private static String count(RunRecord run, String what) {
        return run.end()
                .map(end -> switch (what) {
                    case "ok" -> end.ok();
                    case "warnings" -> end.warnings();
                    case "failed" -> end.failed();
                    default -> end.notBuilt();
                })
                .map(String::valueOf)
                .orElse("-");
    }

    /** A run without an end runs if its process does; else it was killed, or left at once. */
    static String verdict(RunRecord run) {
        if (run.end().isEmpty()) {
            return ProcessHandle.of(run.pid()).isPresent() ? "running" : "killed";
        }
        return Verdicts.words(run.end().get().status());
    }

    private static Map<String, Object> json(RunRecord run) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("run", run.id());
        object.put("started", run.started().toString());
        object.put("boards", run.boards());
        object.put("commits", run.commits());
        object.put("verdict", verdict(run));
        run.end().ifPresent(end -> {
            object.put("ended", end.ended().toString());
            object.put("status", end.status());
            object.put("previous", end.previous());
            object.put("ok", end.ok());
            object.put("warnings", end.warnings());
            object.put("failed", end.failed());
            object.put("notBuilt", end.notBuilt());
        });
        return object;
    }
}
