package dev.buildboss.cli;

import dev.buildboss.history.Beliefs;
import dev.buildboss.history.BoardTimes;
import dev.buildboss.history.History;
import dev.buildboss.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss history}: what builds cost. */
@Command(
        name = "history",
        sortOptions = false,
        header = "Shows what builds cost and how fast machines are, as learnt from every run.",
        description = {
            "",
            "  boss history zynq           boards: what builds of them cost, in core-seconds",
            "  boss history --machines     machines: their threads and speed",
            "  boss history --commits      commits: what a build after them costs",
            "",
            "Runs place their boards by these figures; boss plan and the ETA rest on them.",
            ""
        })
final class HistoryCommand implements Callable<Integer> {

    private final BossCommand boss;

    /** What is shown in place of boards. */
    static final class What {
        @Option(names = "--machines", description = "Show machines.")
        boolean machines;

        @Option(names = "--commits", description = "Show commits, the latest first.")
        boolean commits;
    }

    @ArgGroup
    What what = new What();

    @Parameters(
            arity = "0..*",
            paramLabel = "TERM",
            description =
                    "Only boards, architectures or machines whose name has this in it, or commits that begin with it.")
    List<String> terms = new ArrayList<>();

    HistoryCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        Settings.History settings =
                boss.loader(Optional.<Path>empty()).load().settings().history();
        Path file = RecordingDisplay.file(settings, boss.around.home());
        List<BoardTimes> times = List.of();
        Beliefs beliefs = Beliefs.of(List.of(), Map.of());
        if (Files.exists(file)) {
            try (History history = History.open(file, settings.busyTimeout())) {
                times = history.boards();
                beliefs = Beliefs.of(history.builds(), history.changes());
            }
        }
        HistoryView view = new HistoryView(boss, beliefs, terms);
        if (what.machines) {
            view.machines();
        } else if (what.commits) {
            view.commits();
        } else {
            view.boards(times);
        }
        boss.around
                .err()
                .println(
                        beliefs.builds() + (beliefs.builds() == 1 ? " build" : " builds") + " learnt from, in " + file);
        return 0;
    }
}
