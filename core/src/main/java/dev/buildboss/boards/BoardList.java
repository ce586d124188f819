package dev.buildboss.boards;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The boards of a source tree, sorted by target, each once. Immutable. */
public final class BoardList {

    private static final int COLUMNS = 9;
    private static final int COLUMNS_WITHOUT_MAINTAINERS = 8;

    private final Map<String, Board> boards;

    private BoardList(Map<String, Board> boards) {
        this.boards = boards;
    }

    /** A list of these boards; of two with one target the first counts. */
    public static BoardList of(Collection<Board> boards) {
        Map<String, Board> byTarget = new TreeMap<>();
        boards.forEach(board -> byTarget.putIfAbsent(board.target(), board));
        return new BoardList(byTarget);
    }

    /**
     * A list from a user's file: in the format of U-Boot's {@code boards.cfg}, CSV with a heading ({@code .csv}), or HOCON ({@code
     * .conf}, {@code .hocon}, {@code .json}).
     *
     * @throws BuildbossException if it can't be read or a line is wrong, naming file and line
     */
    public static BoardList read(Path file) {
        return BoardFile.read(file);
    }

    /**
     * Parses {@code boards.cfg}: Status, Arch, CPU, SoC, Vendor, Board, Target, Config, Maintainers; {@code -} is empty.
     *
     * @param source how messages call the text
     */
    public static BoardList parse(String text, String source) {
        List<Board> boards = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                boards.add(board(stripped, source + ":" + number));
            }
        }
        return of(boards);
    }

    private static Board board(String line, String place) {
        String[] cells = line.split("\\s+", COLUMNS);
        if (cells.length < COLUMNS_WITHOUT_MAINTAINERS) {
            throw new BuildbossException(place + ": a board has " + COLUMNS
                    + " columns (Status Arch CPU SoC Vendor Board Target Config Maintainers), this line "
                    + cells.length);
        }
        BoardColumns columns = new BoardColumns(place);
        for (int i = 0; i < cells.length; i++) {
            columns.put(BoardColumns.NAMES.get(i), cells[i]);
        }
        return columns.board();
    }

    /** The list in the format of {@code boards.cfg}; extended boards have no line there. */
    public String format() {
        StringBuilder text =
                new StringBuilder("# Status, Arch, CPU, SoC, Vendor, Board, Target, Config, Maintainers\n\n");
        for (Board board : boards.values()) {
            if (board.base().isEmpty()) {
                String row = String.format(
                        "%-8s %-11s %-12s %-12s %-18s %-24s %-44s %-30s ",
                        board.active() ? "Active" : "Orphan",
                        cell(board.arch()),
                        cell(board.cpu()),
                        cell(board.soc()),
                        cell(board.vendor()),
                        cell(board.boardName()),
                        board.target(),
                        cell(board.config()));
                text.append(row).append(cell(board.maintainers())).append('\n');
            }
        }
        return text.toString();
    }

    private static String cell(String value) {
        return value.isEmpty() ? "-" : value.replaceAll("\\s+", " ");
    }

    /**
     * A list made from the {@code configs/*_defconfig} of a tree.
     *
     * @throws BuildbossException if the tree can't be read or has none
     */
    public static BoardList scan(SourceTree tree) {
        try {
            return of(new DefconfigScan(tree).boards());
        } catch (IOException e) {
            throw new BuildbossException(tree.name() + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** All boards, sorted by target. */
    public List<Board> all() {
        return List.copyOf(boards.values());
    }

    /** The board of a target; empty if there is none. */
    public java.util.Optional<Board> find(String target) {
        return java.util.Optional.ofNullable(boards.get(target));
    }

    /** All targets, sorted. */
    public List<String> targets() {
        return List.copyOf(boards.keySet());
    }
}
