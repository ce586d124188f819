package dev.buildboss.boards;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes a board of named columns, as files with names for their columns have them. Columns may be missing, but for the target. */
final class BoardColumns {

    /** As in the heading of {@code boards.cfg}. */
    static final List<String> NAMES =
            List.of("status", "arch", "cpu", "soc", "vendor", "board", "target", "config", "maintainers");

    private static final Map<String, String> OTHER_NAMES =
            Map.of("options", "config", "name", "target", "maintainer", "maintainers", "architecture", "arch");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final String place;

    /**
     * No columns yet.
     *
     * @param place how messages call where they are
     */
    BoardColumns(String place) {
        this.place = place;
    }

    /**
     * The column that a heading means.
     *
     * @throws BuildbossException naming the nearest one, if it is none
     */
    static String named(String heading, String place) {
        String name = heading.strip().toLowerCase(Locale.ROOT);
        String column = OTHER_NAMES.getOrDefault(name, name);
        if (!NAMES.contains(column)) {
            throw new BuildbossException(place + ": no column of a board: '" + Printable.line(heading.strip()) + "'"
                    + Nearest.hint(name, NAMES) + "; there are " + String.join(", ", NAMES));
        }
        return column;
    }

    /** Sets a column; {@code -} is empty. */
    BoardColumns put(String column, String value) {
        String stripped = value.strip();
        values.put(column, stripped.equals("-") ? "" : stripped);
        return this;
    }

    /**
     * The board.
     *
     * @throws BuildbossException with the place, if its names are none or its target is missing
     */
    Board board() {
        String status = get("status");
        try {
            return new Board(
                    get("target"),
                    get("arch"),
                    get("cpu"),
                    get("soc"),
                    get("vendor"),
                    get("board"),
                    get("config"),
                    get("maintainers"),
                    status.isEmpty() || status.equalsIgnoreCase("active"));
        } catch (IllegalArgumentException e) {
            throw new BuildbossException(place + ": " + Printable.line(String.valueOf(e.getMessage())), e);
        }
    }

    private String get(String column) {
        return values.getOrDefault(column, "");
    }
}
