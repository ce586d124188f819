package dev.buildboss.boards;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the {@code configs/*_defconfig} of a tree set, those that they {@code #include} counted in. */
final class Defconfigs {

    private static final String CONFIGS = "configs/";
    private static final String SUFFIX = "_defconfig";
    private static final int MAX_DEPTH = 8;

    private static final Pattern INCLUDE = Pattern.compile("#\\s*include\\s+[<\"]([^>\"]+)[>\"]");
    private static final Pattern SET = Pattern.compile("CONFIG_([A-Za-z0-9_]+)=(.*)");
    private static final Pattern NOT_SET = Pattern.compile("# CONFIG_([A-Za-z0-9_]+) is not set");

    private final Map<String, String> files = new HashMap<>();

    private Defconfigs() {}

    /** Options (without {@code CONFIG_}) and their values by target; one that is not set has none. */
    static Map<String, Map<String, String>> read(SourceTree tree) throws IOException {
        Defconfigs all = new Defconfigs();
        tree.read("configs", path -> isDefconfig(path) || path.endsWith(".config"), all.files::put);
        Map<String, Map<String, String>> result = new TreeMap<>();
        for (Map.Entry<String, String> file : all.files.entrySet()) {
            if (isDefconfig(file.getKey())) {
                Map<String, String> options = new HashMap<>();
                all.add(file.getValue(), options, 0);
                result.put(target(file.getKey()), options);
            }
        }
        return result;
    }

    private void add(String text, Map<String, String> options, int depth) {
        text.lines().map(String::strip).forEach(line -> {
            Matcher set = SET.matcher(line);
            Matcher notSet = NOT_SET.matcher(line);
            Matcher include = INCLUDE.matcher(line);
            if (set.matches()) {
                options.put(set.group(1), set.group(2));
            } else if (notSet.matches()) {
                options.remove(notSet.group(1));
            } else if (include.matches() && depth < MAX_DEPTH) {
                String path = include.group(1);
                String other = files.get(path.startsWith(CONFIGS) ? path : CONFIGS + path);
                if (other != null) {
                    add(other, options, depth + 1);
                }
            }
        });
    }

    /** The board of a defconfig. */
    private static String target(String path) {
        return path.substring(CONFIGS.length(), path.length() - SUFFIX.length());
    }

    /** Whether a path is a board's defconfig. */
    private static boolean isDefconfig(String path) {
        return path.endsWith(SUFFIX) && path.indexOf('/', CONFIGS.length()) < 0;
    }
}
