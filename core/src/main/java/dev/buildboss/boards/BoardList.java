package dev.buildboss.boards;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
     * A list from a file in the format of U-Boot's {@code boards.cfg}.
     *
     * @throws BuildbossException if it can't be read or a line is wrong, naming file and line
     */
    public static BoardList read(Path file) {
        try {
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), file.toString());
        } catch (IOException e) {
            throw new BuildbossException(
                    "board list " + file + ": cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
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
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].equals("-") ? "" : cells[i];
        }
        try {
            return new Board(
                    cells[6],
                    cells[1],
                    cells[2],
                    cells[3],
                    cells[4],
                    cells[5],
                    cells[7],
                    cells.length == COLUMNS ? cells[8] : "",
                    cells[0].equals("Active"));
        } catch (IllegalArgumentException e) {
            throw new BuildbossException(place + ": " + Printable.line(String.valueOf(e.getMessage())), e);
        }
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
