package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.boards.BoardList;
import dev.buildboss.boards.BoardSource;
import dev.buildboss.model.Board;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code boss boards}: which boards a choice means. */
@Command(
        name = "boards",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Lists the boards of a source tree that terms choose, as boss build would.",
        description = {
            "",
            "  boss boards zynq",
            "  boss boards 'freescale & arm' -x mx6",
            "",
            "Shown are target, architecture, SoC, vendor and maintainers; with --json all that is known.",
            ""
        })
final class BoardsCommand implements Callable<Integer> {

    @Mixin
    private final SourceOptions source = new SourceOptions();

    @Option(
            names = {"-R", "--regen-board-list"},
            paramLabel = "FILE",
            description = "Write the whole list to a file in the format of boards.cfg, and show nothing.")
    @Nullable
    private Path listFile;

    private final BossCommand boss;

    BoardsCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        BoardSource.Found found;
        try (SourceRepository repository = source.open(boss.around)) {
            SettingsLoader loader = boss.loader(repository.workTree());
            source.apply(loader);
            Settings settings = loader.load().settings();
            found = source.list(boss.around, repository, "HEAD", Optional.empty(), settings);
        }
        found.notes().forEach(note -> boss.around.err().println(Printable.line(note)));
        if (listFile != null) {
            return write(found.list());
        }
        List<Board> boards = source.choose(found.list());
        if (boss.json) {
            boards.forEach(board -> boss.around.out().println(EventJson.text(json(board))));
            return 0;
        }
        TextTable table = new TextTable();
        boards.forEach(board -> table.row(
                board.target(),
                board.arch(),
                shown(board.soc()),
                shown(board.vendor()),
                shown(board.maintainers().replace(":", ", "))));
        table.lines().forEach(boss.around.out()::println);
        boss.around
                .err()
                .println(boards.size() + (boards.size() == 1 ? " board" : " boards") + " (" + found.origin() + ")");
        return 0;
    }

    private static String shown(String value) {
        return value.isEmpty() ? "-" : Printable.line(value);
    }

    private int write(BoardList list) {
        Path file = boss.around.resolve(Objects.requireNonNull(listFile));
        try {
            Files.writeString(file, list.format());
            return 0;
        } catch (IOException e) {
            throw new BuildbossException(
                    file + ": cannot be written (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static Map<String, Object> json(Board board) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("target", board.target());
        object.put("arch", board.arch());
        object.put("cpu", board.cpu());
        object.put("soc", board.soc());
        object.put("vendor", board.vendor());
        object.put("board", board.boardName());
        object.put("config", board.config());
        object.put("maintainers", board.maintainers());
        board.base().ifPresent(base -> {
            object.put("base", base.target());
            object.put("fragments", base.fragments());
        });
        return object;
    }
}
