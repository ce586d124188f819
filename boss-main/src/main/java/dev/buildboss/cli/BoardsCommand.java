package dev.buildboss.cli;

import dev.buildboss.model.Board;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code boss boards}: which boards a choice means. */
@Command(
        name = "boards",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Lists the boards of a source tree that terms choose, as boss build would.",
        description = {"", "  boss boards zynq", "  boss boards 'freescale & arm' -x mx6", ""})
final class BoardsCommand implements Callable<Integer> {

    @Mixin
    private final SourceOptions source = new SourceOptions();

    private final BossCommand boss;

    BoardsCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        List<Board> boards;
        try (SourceRepository repository = source.open(boss.around)) {
            boards = source.choose(boss.around, repository, "HEAD");
        }
        if (boss.json) {
            boards.forEach(board -> boss.around.out().println(EventJson.text(json(board))));
            return 0;
        }
        TextTable table = new TextTable();
        boards.forEach(board -> table.row(
                board.target(),
                board.arch(),
                Printable.line(board.cpu()),
                Printable.line(board.soc()),
                Printable.line(board.vendor())));
        table.lines().forEach(boss.around.out()::println);
        boss.around.err().println(boards.size() + (boards.size() == 1 ? " board" : " boards"));
        return 0;
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
        return object;
    }
}
