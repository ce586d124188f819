package dev.buildboss.boards;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Extended boards: a board's configuration with fragments added, as {@code configs/*.buildman} of a tree describe them ({@code -X}).
 *
 * <p>The format is that of U-Boot's documentation ("Specifying the build matrix with fragments"): sections of {@code name:},
 * {@code desc:}, one or more {@code fragment:} and {@code targets:}, below which each line is a board's name with wildcards, or a
 * {@code CONFIG_X=value} all of which must hold. What is known of a board's configuration is what its defconfig says, and its
 * columns ({@code CONFIG_SYS_SOC} and the like); an option that the defconfig does not name counts as {@code n}.
 */
final class ExtendedBoards {

    private static final String CONFIGS = "configs";
    private static final String SUFFIX = ".buildman";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}");
    private static final Pattern CONDITION = Pattern.compile("(CONFIG_[A-Za-z0-9_]+)=(.*)");
    private static final List<String> KEYS = List.of("name", "desc", "fragment", "targets");

    private final SourceTree tree;
    private final List<String> notes = new ArrayList<>();
    private final Set<String> fragmentFiles = new TreeSet<>();

    private ExtendedBoards(SourceTree tree) {
        this.tree = tree;
    }

    /** One section of a file. */
    private static final class Section {
        final String place;
        final String name;
        final List<String> fragments = new ArrayList<>();
        final List<PathMatcher> names = new ArrayList<>();
        final Map<String, String> conditions = new TreeMap<>();

        Section(String place, String name) {
            this.place = place;
            this.name = name;
        }
    }

    /**
     * A list and what is to be told about it.
     *
     * @param list the boards, extended ones among them
     * @param notes sections that match no board, in words
     */
    record Extended(BoardList list, List<String> notes) {}

    /**
     * The list with its extended boards.
     *
     * @throws BuildbossException naming file and line, if one is wrong, or a fragment is not there
     */
    static Extended add(BoardList list, SourceTree tree) {
        ExtendedBoards reader = new ExtendedBoards(tree);
        try {
            List<Board> all = new ArrayList<>(list.all());
            List<Section> sections = reader.sections();
            Map<String, Map<String, String>> configurations =
                    sections.stream().allMatch(s -> s.conditions.isEmpty()) ? Map.of() : Defconfigs.read(tree);
            for (Section section : sections) {
                int before = all.size();
                for (Board board : list.all()) {
                    if (matches(section, board, configurations.getOrDefault(board.target(), Map.of()))) {
                        all.add(board.extended(section.name + "," + board.target(), section.fragments));
                    }
                }
                if (all.size() == before) {
                    reader.notes.add(section.place + ": " + section.name + " fits none of the boards");
                }
            }
            if (sections.isEmpty()) {
                reader.notes.add("-X: there are no " + CONFIGS + "/*" + SUFFIX + " in " + tree.name());
            }
            return new Extended(BoardList.of(all), List.copyOf(reader.notes));
        } catch (IOException e) {
            throw new BuildbossException(tree.name() + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static boolean matches(Section section, Board board, Map<String, String> configuration) {
        if (section.names.stream().anyMatch(name -> name.matches(Path.of(board.target())))) {
            return true;
        }
        return !section.conditions.isEmpty()
                && section.conditions.entrySet().stream()
                        .allMatch(condition ->
                                condition.getValue().equals(value(condition.getKey(), board, configuration)));
    }

    private static String value(String option, Board board, Map<String, String> configuration) {
        String column = switch (option) {
            case "CONFIG_SYS_ARCH" -> board.arch();
            case "CONFIG_SYS_CPU" -> board.cpu();
            case "CONFIG_SYS_SOC" -> board.soc();
            case "CONFIG_SYS_VENDOR" -> board.vendor();
            case "CONFIG_SYS_BOARD" -> board.boardName();
            case "CONFIG_SYS_CONFIG_NAME" -> board.config();
            default -> "";
        };
        return column.isEmpty()
                ? configuration.getOrDefault(option.substring("CONFIG_".length()), "n")
                : "\"" + column + "\"";
    }

    private List<Section> sections() throws IOException {
        Map<String, String> files = new TreeMap<>();
        tree.read(CONFIGS, ExtendedBoards::isBuildmanFile, files::put);
        tree.read(CONFIGS, this::isFragment, (path, text) -> {});
        List<Section> result = new ArrayList<>();
        Map<String, String> places = new HashMap<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            for (Section section : parse(file.getKey(), file.getValue())) {
                String other = places.put(section.name, section.place);
                if (other != null) {
                    throw new BuildbossException(
                            section.place + ": the name " + section.name + " is taken by " + other);
                }
                result.add(section);
            }
        }
        return result;
    }

    private static boolean isBuildmanFile(String path) {
        return path.endsWith(SUFFIX) && path.indexOf('/', CONFIGS.length() + 1) < 0;
    }

    /** Takes note of the path and reads nothing. */
    private boolean isFragment(String path) {
        if (path.endsWith(".config")) {
            fragmentFiles.add(path.substring(CONFIGS.length() + 1));
        }
        return false;
    }

    private List<Section> parse(String path, String text) {
        List<Section> sections = new ArrayList<>();
        Section section = null;
        boolean inTargets = false;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            String place = path + ":" + ++number;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            String key = colon < 0 ? "" : line.substring(0, colon).strip();
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            boolean isKey = KEYS.contains(key);
            if (isKey && key.equals("name")) {
                section = new Section(place, checkedName(value, place));
                sections.add(section);
                inTargets = false;
            } else if (section == null) {
                throw wrong(place, line, "a section begins with  name: NAME");
            } else if (isKey) {
                inTargets = key.equals("targets");
                if (key.equals("fragment")) {
                    section.fragments.add(checkedFragment(value, place));
                }
            } else if (inTargets) {
                addTarget(section, line, place);
            } else {
                throw wrong(place, line, "there are " + String.join(":, ", KEYS) + ":" + Nearest.hint(key, KEYS));
            }
        }
        for (Section each : sections) {
            if (each.fragments.isEmpty() || (each.names.isEmpty() && each.conditions.isEmpty())) {
                throw new BuildbossException(each.place + ": " + each.name + " has no "
                        + (each.fragments.isEmpty() ? "fragment:" : "targets:"));
            }
        }
        return sections;
    }

    private static BuildbossException wrong(String place, String line, String hint) {
        return new BuildbossException(place + ": not understood: '" + Printable.line(line) + "'; " + hint);
    }

    private static String checkedName(String name, String place) {
        if (!NAME.matcher(name).matches()) {
            throw new BuildbossException(place + ": not a name for extended boards: '" + Printable.line(name)
                    + "' (letters, digits and _ . + -)");
        }
        return name;
    }

    private String checkedFragment(String fragment, String place) {
        String file = fragment.endsWith(".config") ? fragment : fragment + ".config";
        if (!fragmentFiles.contains(file)) {
            throw new BuildbossException(place + ": there is no " + CONFIGS + "/" + Printable.line(file)
                    + Nearest.hint(file, fragmentFiles));
        }
        return file;
    }

    private static void addTarget(Section section, String line, String place) {
        Matcher condition = CONDITION.matcher(line);
        if (condition.matches()) {
            section.conditions.put(condition.group(1), condition.group(2).strip());
            return;
        }
        try {
            section.names.add(FileSystems.getDefault().getPathMatcher("glob:" + line));
        } catch (IllegalArgumentException e) {
            throw wrong(place, line, "a board's name may have * ? and [ ] in it");
        }
    }
}
