package dev.buildboss.boards;

import dev.buildboss.BuildbossException;
import java.util.ArrayList;
import java.util.List;

/** The rows of comma-separated values (RFC 4180): quotes around a value, doubled within one. Empty lines and {@code #} lines are left out. */
final class CsvRows {

    /**
     * One row.
     *
     * @param line its first line's number, from 1
     * @param cells its values
     */
    record Row(int line, List<String> cells) {
        /** Copies the list. */
        Row {
            cells = List.copyOf(cells);
        }
    }

    private final String text;
    private final String source;
    private int at;
    private int line = 1;

    private CsvRows(String text, String source) {
        this.text = text;
        this.source = source;
    }

    /**
     * All rows of a text.
     *
     * @throws BuildbossException if a quoted value does not end, naming where it began
     */
    static List<Row> of(String text, String source) {
        CsvRows reader = new CsvRows(text.startsWith("\ufeff") ? text.substring(1) : text, source);
        List<Row> rows = new ArrayList<>();
        while (reader.at < reader.text.length()) {
            Row row = reader.row();
            boolean isEmpty = row.cells().size() == 1 && row.cells().get(0).isBlank();
            if (!isEmpty && !row.cells().get(0).startsWith("#")) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() {
        int first = line;
        List<String> cells = new ArrayList<>();
        while (true) {
            cells.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at >= text.length()) {
                return new Row(first, cells);
            }
            char end = text.charAt(at++);
            if (end == '\n') {
                line++;
                return new Row(first, cells);
            }
        }
    }

    private String plain() {
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private String quoted() {
        int begun = line;
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                if (at + 1 >= text.length() || text.charAt(at + 1) != '"') {
                    at++;
                    return value + plain(); // spaces up to the comma
                }
                at++;
            } else if (c == '\n') {
                line++;
            }
            value.append(c);
        }
        throw new BuildbossException(source + ":" + begun + ": a quoted value does not end");
    }
}
