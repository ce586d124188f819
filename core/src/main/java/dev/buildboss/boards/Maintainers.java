package dev.buildboss.boards;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who looks after which defconfig, as the {@code MAINTAINERS} files of boards say: {@code M:} lines, {@code S:} the status, {@code F:}
 * files with wildcards.
 */
final class Maintainers {

    private static final String CONFIGS = "configs/";

    private final Map<String, Entry> byPath = new HashMap<>();
    private final List<Map.Entry<Pattern, Entry>> patterns = new ArrayList<>();

    private Maintainers() {}

    /**
     * What is said of some files.
     *
     * @param names the maintainers, separated by colons
     * @param orphan whether nobody looks after them
     */
    record Entry(String names, boolean orphan) {}

    static Maintainers of(SourceTree tree) throws IOException {
        Maintainers result = new Maintainers();
        for (String directory : List.of("board", "arch")) {
            tree.read(directory, path -> path.endsWith("/MAINTAINERS"), (path, text) -> result.add(text));
        }
        return result;
    }

    private void add(String text) {
        List<String> names = new ArrayList<>();
        List<String> files = new ArrayList<>();
        boolean orphan = false;
        for (String line : (text + "\n\n").split("\n", -1)) {
            String value = line.length() > 2 ? line.substring(2).strip() : "";
            if (line.isBlank()) {
                put(files, new Entry(String.join(":", names), orphan));
                names.clear();
                files.clear();
                orphan = false;
            } else if (line.startsWith("M:")) {
                names.add(value);
            } else if (line.startsWith("S:")) {
                orphan = value.equalsIgnoreCase("Orphan") || value.equalsIgnoreCase("Orphaned");
            } else if (line.startsWith("F:") && value.startsWith(CONFIGS)) {
                files.add(value);
            }
        }
    }

    private void put(List<String> files, Entry entry) {
        for (String file : files) {
            if (file.indexOf('*') >= 0 || file.indexOf('?') >= 0) {
                String expression =
                        Pattern.quote(file).replace("*", "\\E[^/]*\\Q").replace("?", "\\E[^/]\\Q");
                patterns.add(Map.entry(Pattern.compile(expression), entry));
            } else {
                byPath.putIfAbsent(file, entry);
            }
        }
    }

    /** What is said of a defconfig; nothing, if no file names it. */
    Entry of(String defconfig) {
        Entry exact = byPath.get(defconfig);
        if (exact != null) {
            return exact;
        }
        return patterns.stream()
                .filter(pattern -> pattern.getKey().matcher(defconfig).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(new Entry("", false));
    }
}
