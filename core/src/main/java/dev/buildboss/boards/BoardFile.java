package dev.buildboss.boards;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.settings.FileIncluder;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A user's own list of boards: {@code .csv} with a heading, HOCON ({@code .conf}, {@code .hocon}, {@code .json}) with {@code
 * boards}, and else the columns of {@code boards.cfg}.
 */
final class BoardFile {

    /** More than any tree has boards; a file that is larger is no list of boards. */
    private static final long MAX_SIZE = 64L << 20;

    private BoardFile() {}

    /**
     * Reads one.
     *
     * @throws BuildbossException naming the file and the line that is wrong
     */
    static BoardList read(Path file) {
        String text = text(file);
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        List<Board> boards;
        if (name.endsWith(".csv")) {
            boards = csv(text, file.toString());
        } else if (name.endsWith(".conf") || name.endsWith(".hocon") || name.endsWith(".json")) {
            boards = hocon(text, file.toString());
        } else {
            return BoardList.parse(text, file.toString());
        }
        Set<String> seen = new HashSet<>();
        for (Board board : boards) {
            if (!seen.add(board.target())) {
                throw new BuildbossException(file + ": board " + board.target() + " is there twice");
            }
        }
        return BoardList.of(boards);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new BuildbossException("board list " + file + ": over " + (MAX_SIZE >> 20) + " MiB");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BuildbossException(
                    "board list " + file + ": cannot be read ("
                            + (Files.exists(file) ? e.getClass().getSimpleName() : "there is no such file") + ")",
                    e);
        }
    }

    private static List<Board> csv(String text, String source) {
        List<Board> boards = new ArrayList<>();
        List<String> heading = List.of();
        for (CsvRows.Row row : CsvRows.of(text, source)) {
            String place = source + ":" + row.line();
            if (heading.isEmpty()) {
                heading = row.cells().stream()
                        .map(cell -> BoardColumns.named(cell, place))
                        .toList();
                if (!heading.contains("target")) {
                    throw new BuildbossException(place + ": the heading names no column 'target'");
                }
                continue;
            }
            if (row.cells().size() > heading.size()) {
                throw new BuildbossException(place + ": " + row.cells().size() + " columns, the heading has "
                        + heading.size() + " (a comma in a value needs quotes around it)");
            }
            BoardColumns columns = new BoardColumns(place);
            for (int i = 0; i < row.cells().size(); i++) {
                columns.put(heading.get(i), row.cells().get(i));
            }
            boards.add(columns.board());
        }
        return boards;
    }

    /** {@code boards { elm { arch = arm } }}, or {@code boards = [ { target = elm, arch = arm } ]}. */
    private static List<Board> hocon(String text, String source) {
        try {
            ConfigParseOptions options =
                    ConfigParseOptions.defaults().setOriginDescription(source).setIncluder(new FileIncluder(false));
            Config config = ConfigFactory.parseString(text, options).resolve(ConfigResolveOptions.noSystem());
            ConfigValue all = config.root().get("boards");
            List<Board> boards = new ArrayList<>();
            if (all instanceof ConfigList list) {
                for (ConfigValue one : list) {
                    boards.add(board(one, "", source));
                }
            } else if (all instanceof ConfigObject map) {
                for (Map.Entry<String, ConfigValue> one : map.entrySet()) {
                    boards.add(board(one.getValue(), one.getKey(), source));
                }
            } else {
                throw new BuildbossException(source + ": has no  boards { … }  or  boards = [ … ]");
            }
            return boards;
        } catch (ConfigException e) {
            throw new BuildbossException("board list " + Printable.line(String.valueOf(e.getMessage())), e);
        }
    }

    private static Board board(ConfigValue value, String target, String source) {
        String place = source + ":" + value.origin().lineNumber();
        if (!(value instanceof ConfigObject fields)) {
            throw new BuildbossException(place + ": a board is written  { arch = arm, vendor = acme }");
        }
        BoardColumns columns = new BoardColumns(place);
        fields.forEach((key, field) -> columns.put(BoardColumns.named(key, place), plain(field, key, place)));
        if (!target.isEmpty()) {
            columns.put("target", target);
        }
        return columns.board();
    }

    /** A text, or a list of texts (maintainers). */
    private static String plain(ConfigValue value, String key, String place) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
            case LIST ->
                ((ConfigList) value)
                        .stream().map(item -> plain(item, key, place)).collect(Collectors.joining(":"));
            default -> throw new BuildbossException(place + ": " + Printable.line(key) + " must be a text");
        };
    }
}
