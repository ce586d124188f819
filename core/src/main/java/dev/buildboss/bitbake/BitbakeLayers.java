package dev.buildboss.bitbake;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The layers that a {@code bblayers.conf} names, as far as that can be told without bitbake (pure but for a look at files). */
public final class BitbakeLayers {

    private static final Pattern ASSIGNMENT = Pattern.compile(
            "(?m)^[ \\t]*BBLAYERS[ \\t]*(?::append|:prepend|\\?\\?=|\\?=|:=|\\+=|=\\+|\\.=|=\\.|=)+[ \\t]*([\"'])(.*?)\\1",
            Pattern.DOTALL);

    private BitbakeLayers() {}

    /**
     * The layers' directories.
     *
     * @param text the file
     * @param topDir what {@code ${TOPDIR}} is
     * @return empty if one of them depends on what only bitbake knows
     */
    public static Optional<List<Path>> read(String text, Path topDir) {
        List<Path> result = new ArrayList<>();
        Matcher assignment = ASSIGNMENT.matcher(text.replaceAll("(?m)^[ \\t]*#.*$", ""));
        while (assignment.find()) {
            for (String word : assignment.group(2).replace("\\\n", " ").strip().split("\\s+", -1)) {
                String path = word.replace("${TOPDIR}", topDir.toString());
                if (path.isEmpty()) {
                    continue;
                }
                if (!path.startsWith("/") || path.contains("$")) {
                    return Optional.empty();
                }
                try {
                    result.add(Path.of(path).normalize());
                } catch (InvalidPathException e) {
                    return Optional.empty();
                }
            }
        }
        return result.isEmpty() ? Optional.empty() : Optional.of(result);
    }

    /** Whether one of the layers has a configuration of this MACHINE. */
    public static boolean have(List<Path> layers, String machine) {
        return layers.stream()
                .anyMatch(layer ->
                        Files.isRegularFile(layer.resolve("conf/machine").resolve(machine + ".conf")));
    }

    /** The MACHINEs that the layers have configurations of, in the order of their names. */
    public static List<String> machines(List<Path> layers) {
        TreeSet<String> names = new TreeSet<>();
        for (Path layer : layers) {
            String[] files = layer.resolve("conf/machine").toFile().list();
            for (String file : files == null ? new String[0] : files) {
                if (file.endsWith(".conf")) {
                    names.add(file.substring(0, file.length() - ".conf".length()));
                }
            }
        }
        return List.copyOf(names);
    }
}
