package dev.buildboss.ssh;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An ssh configuration file as its lines say, by the grammar of ssh_config(5).
 *
 * @param name the file, for messages
 * @param entries every line with a keyword, but {@code Host} and {@code Match}
 */
record SshConfigFile(String name, List<Entry> entries) {

    SshConfigFile {
        requireNonNull(name, "name");
        entries = List.copyOf(entries);
    }

    /**
     * A keyword with its arguments.
     *
     * @param keyword as written
     * @param args the arguments, unquoted; never empty
     * @param where {@code file:line}
     * @param section the section that it stands in
     */
    record Entry(String keyword, List<String> args, String where, Section section) {
        Entry {
            requireNonNull(keyword, "keyword");
            args = List.copyOf(args);
            requireNonNull(where, "where");
            requireNonNull(section, "section");
        }

        String key() {
            return keyword.toLowerCase(Locale.ROOT);
        }

        String value() {
            return args.get(0);
        }
    }

    /**
     * What an entry applies to.
     *
     * @param match whether it is a {@code Match} with criteria, which only the ssh program judges
     * @param patterns of {@code Host}; before the first section and for {@code Match all}: {@code *}
     * @param where {@code file:line}
     */
    record Section(boolean match, List<String> patterns, String where) {
        Section {
            patterns = List.copyOf(patterns);
        }

        boolean appliesTo(String alias) {
            return !match && HostPatterns.matches(patterns, alias);
        }
    }

    /**
     * Reads a file's text.
     *
     * @throws SshConfigException naming the line, if it can't be read
     */
    static SshConfigFile parse(String name, String text) {
        List<Entry> entries = new ArrayList<>();
        Section section = new Section(false, List.of("*"), name);
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            String where = name + ":" + number;
            List<String> words = words(line, where);
            if (words.isEmpty()) {
                continue;
            }
            String keyword = words.get(0);
            List<String> args = words.subList(1, words.size());
            if (args.isEmpty()) {
                throw new SshConfigException(where + ": " + keyword + " without a value");
            }
            switch (keyword.toLowerCase(Locale.ROOT)) {
                case "host" -> section = new Section(false, args, where);
                case "match" ->
                    section = args.equals(List.of("all"))
                            ? new Section(false, List.of("*"), where)
                            : new Section(true, List.of(), where);
                default -> entries.add(new Entry(keyword, args, where, section));
            }
        }
        return new SshConfigFile(name, entries);
    }

    /** Splits {@code keyword value…} or {@code keyword=value}; double quotes group, {@code #} begins a comment. */
    private static List<String> words(String line, String where) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (c == ' ' || c == '\t' || c == '\f' || (c == '=' && words.size() == 1)) {
                i++;
            } else if (c == '#') {
                break;
            } else {
                StringBuilder word = new StringBuilder();
                i = word(line, i, words.isEmpty(), word, where);
                words.add(word.toString());
            }
        }
        return words;
    }

    private static int word(String line, int start, boolean keyword, StringBuilder into, String where) {
        boolean quoted = false;
        int i = start;
        for (; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ' ' || c == '\t' || (keyword && c == '='))) {
                break;
            } else if (c == '\\' && i + 1 < line.length() && "\"\\ ".indexOf(line.charAt(i + 1)) >= 0) {
                into.append(line.charAt(++i));
            } else {
                into.append(c);
            }
        }
        if (quoted) {
            throw new SshConfigException(where + ": a quote is not closed");
        }
        return i;
    }
}
