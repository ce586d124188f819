package dev.buildboss.cli;

import dev.buildboss.history.BoardTimes;
import dev.buildboss.history.History;
import dev.buildboss.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code boss history}: how long boards took. */
@Command(
        name = "history",
        sortOptions = false,
        header = "Shows how long boards took to build, as learnt from every run.",
        description = {
            "",
            "Wall-clock seconds of a cell: \"first\" from the beginning, \"next\" after the commit before it, each the mean of what",
            "is remembered (history.keep), whatever else its machine was building meanwhile.",
            ""
        })
final class HistoryCommand implements Callable<Integer> {

    private final BossCommand boss;

    @Parameters(
            arity = "0..*",
            paramLabel = "TERM",
            description = "Only boards or architectures whose name has this in it.")
    List<String> terms = new ArrayList<>();

    HistoryCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        Settings.History settings =
                boss.loader(java.util.Optional.<Path>empty()).load().settings().history();
        Path file = RecordingDisplay.file(settings, boss.around.home());
        List<BoardTimes> boards = List.of();
        if (Files.exists(file)) {
            try (History history = History.open(file, settings.busyTimeout())) {
                boards = history.boards().stream().filter(this::isChosen).toList();
            }
        }
        if (boss.json) {
            boards.forEach(board -> boss.around.out().println(EventJson.text(json(board))));
            return 0;
        }
        TextTable table = new TextTable().row("board", "arch", "builds", "first", "next", "machines", "last");
        for (BoardTimes board : boards) {
            table.row(
                    board.board(),
                    board.arch(),
                    String.valueOf(board.builds()),
                    seconds(board.first()),
                    seconds(board.next()),
                    String.valueOf(board.machines()),
                    Instant.ofEpochSecond(board.last()).toString());
        }
        table.lines().forEach(boss.around.out()::println);
        boss.around.err().println(boards.size() + (boards.size() == 1 ? " board" : " boards") + " in " + file);
        return 0;
    }

    private boolean isChosen(BoardTimes board) {
        return terms.isEmpty()
                || terms.stream()
                        .anyMatch(term ->
                                board.board().contains(term) || board.arch().contains(term));
    }

    private static String seconds(double value) {
        return value == 0 ? "-" : String.format(Locale.ROOT, "%.1f s", value);
    }

    private static Map<String, Object> json(BoardTimes board) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("board", board.board());
        object.put("arch", board.arch());
        object.put("builds", board.builds());
        object.put("first_s", board.first());
        object.put("next_s", board.next());
        object.put("machines", board.machines());
        object.put("last", Instant.ofEpochSecond(board.last()).toString());
        return object;
    }
}
