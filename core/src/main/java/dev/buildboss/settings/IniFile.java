package dev.buildboss.settings;

import dev.buildboss.BuildbossException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of sections, names and values, as Python's {@code configparser} reads it with names without a value allowed: what
 * follows the first {@code :} or {@code =} is the value; whole lines that begin with {@code #} or {@code ;} are comments; a line
 * that stands further right than the name above it goes on with its value. Pure.
 *
 * @param sections in the order of the file
 * @param comments those that nothing follows
 */
record IniFile(List<Section> sections, List<String> comments) {

    private static final Pattern HEADER = Pattern.compile("\\[(.+)][^]]*");
    private static final Pattern OPTION = Pattern.compile("([^:=]*?)\\s*(?:[:=]\\s*(.*))?");

    /** Copies the lists. */
    IniFile {
        sections = List.copyOf(sections);
        comments = List.copyOf(comments);
    }

    /**
     * A section.
     *
     * @param comments what stands before it, without the comments' signs
     */
    record Section(String name, int line, List<String> comments, List<Entry> entries) {
        Section {
            comments = List.copyOf(comments);
            entries = List.copyOf(entries);
        }
    }

    /**
     * A name and its value, whose lines are parted by line feeds; empty: a name alone.
     *
     * @param comments what stands before it, without the comments' signs
     */
    record Entry(String name, Optional<String> value, int line, List<String> comments) {
        Entry {
            comments = List.copyOf(comments);
        }
    }

    /**
     * Reads a file's text.
     *
     * @param file its name, for messages
     * @throws BuildbossException {@code file:line: what is wrong}
     */
    static IniFile parse(Path file, String text) {
        return new Parser(file).parse(text);
    }

    private static final class Parser {
        private final Path file;
        private final Map<String, OpenSection> sections = new LinkedHashMap<>();
        private List<String> comments = new ArrayList<>();
        private Optional<OpenSection> section = Optional.empty();
        private Optional<OpenEntry> entry = Optional.empty();
        private int line;

        private Parser(Path file) {
            this.file = file;
        }

        private record OpenSection(String name, int line, List<String> comments, Map<String, OpenEntry> entries) {}

        private record OpenEntry(
                String name, int line, int indent, List<String> comments, boolean bare, List<String> lines) {}

        IniFile parse(String text) {
            for (String raw : text.split("\r\n|\n|\r", -1)) {
                line++;
                String stripped = raw.strip();
                if (stripped.startsWith("#") || stripped.startsWith(";")) {
                    comments.add(stripped.substring(1).strip());
                } else if (!stripped.isEmpty()) {
                    line(stripped, raw.length() - raw.stripLeading().length());
                }
            }
            List<Section> result = new ArrayList<>();
            for (OpenSection open : sections.values()) {
                List<Entry> entries = open.entries().values().stream()
                        .map(e -> new Entry(
                                e.name(),
                                e.bare()
                                        ? Optional.empty()
                                        : Optional.of(
                                                String.join("\n", e.lines()).strip()),
                                e.line(),
                                e.comments()))
                        .toList();
                result.add(new Section(open.name(), open.line(), open.comments(), entries));
            }
            return new IniFile(result, comments);
        }

        private void line(String stripped, int indent) {
            if (entry.isPresent() && indent > entry.get().indent()) {
                if (entry.get().bare()) {
                    throw wrong("goes on with a value that " + entry.get().name() + " does not have (it stands further"
                            + " right than that)");
                }
                entry.get().lines().add(stripped);
                return;
            }
            Matcher header = HEADER.matcher(stripped);
            if (header.matches()) {
                begin(header.group(1).strip());
            } else if (section.isEmpty()) {
                throw wrong("no section yet: the first line must be one, such as [toolchain]");
            } else {
                add(section.get(), stripped, indent);
            }
        }

        private void begin(String name) {
            OpenSection before = sections.get(name);
            if (before != null) {
                throw wrong("[" + name + "] is there already, in line " + before.line());
            }
            OpenSection begun = new OpenSection(name, line, taken(), new LinkedHashMap<>());
            sections.put(name, begun);
            section = Optional.of(begun);
            entry = Optional.empty();
        }

        private void add(OpenSection to, String stripped, int indent) {
            Matcher option = OPTION.matcher(stripped);
            if (!option.matches() || option.group(1).isEmpty()) {
                throw wrong("[" + to.name() + "]: a name is missing");
            }
            String name = option.group(1);
            OpenEntry before = to.entries().get(name);
            if (before != null) {
                throw wrong("[" + to.name() + "] " + name + " is there already, in line " + before.line());
            }
            String value = option.group(2);
            List<String> lines = new ArrayList<>();
            if (value != null) {
                lines.add(value);
            }
            OpenEntry added = new OpenEntry(name, line, indent, taken(), value == null, lines);
            to.entries().put(name, added);
            entry = Optional.of(added);
        }

        private List<String> taken() {
            List<String> result = comments;
            comments = new ArrayList<>();
            return result;
        }

        private BuildbossException wrong(String what) {
            return new BuildbossException(file + ":" + line + ": " + what);
        }
    }
}
