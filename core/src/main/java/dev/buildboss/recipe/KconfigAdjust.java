package dev.buildboss.recipe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.buildboss.model.KconfigChange;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Changes a configuration as {@code -a} asks, and tells which changes did not hold. For trees with Kbuild.
 *
 * <p>The changes replace the lines of {@code .config} on the same options, by a command that the list of commands shows; {@code
 * make olddefconfig} then makes a whole configuration of it. An option that Kconfig decides otherwise is seen afterwards only.
 */
final class KconfigAdjust {

    private static final Pattern SET = Pattern.compile("CONFIG_([A-Za-z0-9_]+)=.*");
    private static final Pattern NOT_SET = Pattern.compile("# CONFIG_([A-Za-z0-9_]+) is not set");
    private static final Pattern DEFINITION = Pattern.compile("(?m)^[ \\t]*(?:menu)?config[ \\t]+([A-Za-z0-9_]+)");

    /** Its arguments: the configuration, what sed is to delete there, the lines to add. */
    static final String SCRIPT =
            "sed \"$1\" \"$0\" >\"$0.new\" && mv \"$0.new\" \"$0\" && shift && printf '%s\\n' \"$@\" >>\"$0\"";

    private KconfigAdjust() {}

    /** The command that adds the changes. */
    static BuildStep step(BuildTarget target, List<String> changes) {
        String output = target.outputName();
        String config = output.isEmpty() ? ".config" : output + "/.config";
        List<KconfigChange> parsed = changes.stream().map(KconfigChange::parse).toList();
        String outdated = parsed.stream()
                .map(change -> "/^CONFIG_" + change.name() + "=/d;/^# CONFIG_" + change.name() + " is not set/d")
                .collect(Collectors.joining(";"));
        List<String> argv = new ArrayList<>(List.of("sh", "-c", SCRIPT, config, outdated));
        parsed.forEach(change -> argv.add(change.line()));
        return new BuildStep(argv, Map.of(), Optional.empty());
    }

    /** What of the changes is not so in the configuration, in words; empty: all is, or there is no configuration yet. */
    static Optional<String> unmet(BuildTarget target, List<String> changes) throws IOException {
        Path config = target.outputDir().resolve(".config");
        if (changes.isEmpty() || !Files.isRegularFile(config)) {
            return Optional.empty();
        }
        Map<String, String> lines = lines(config);
        List<KconfigChange> open = changes.stream()
                .map(KconfigChange::parse)
                .filter(change -> !change.line().equals(lines.get(change.name())))
                .toList();
        if (open.isEmpty()) {
            return Optional.empty();
        }
        Set<String> missing = open.stream()
                .map(KconfigChange::name)
                .filter(name -> !lines.containsKey(name))
                .collect(Collectors.toCollection(HashSet::new));
        missing.removeAll(defined(target.sourceDir(), missing));
        StringBuilder words = new StringBuilder();
        for (KconfigChange change : open) {
            String line = lines.get(change.name());
            if (missing.contains(change.name())) {
                words.append(entry(change, "there is no such option in the tree's Kconfig files"));
            } else if (line != null) {
                words.append(entry(change, "Kconfig made it: " + line));
            } else if (!change.isOff()) {
                words.append(entry(change, "Kconfig left it out: what it depends on is not set"));
            }
        }
        return words.isEmpty()
                ? Optional.empty()
                : Optional.of("Changes of the configuration (-a) that did not take effect:\n" + words);
    }

    private static String entry(KconfigChange change, String why) {
        return "  " + change.name() + ": " + change.line() + " was asked for; " + why + "\n";
    }

    private static Map<String, String> lines(Path config) throws IOException {
        Map<String, String> result = new HashMap<>();
        Files.readString(config, ISO_8859_1).lines().forEach(line -> {
            Matcher set = SET.matcher(line);
            Matcher notSet = NOT_SET.matcher(line);
            if (set.matches()) {
                result.put(set.group(1), line);
            } else if (notSet.matches()) {
                result.put(notSet.group(1), line);
            }
        });
        return result;
    }

    /** Those of the names that a Kconfig file of the tree defines; looked up only when something is amiss. */
    private static Set<String> defined(Path tree, Set<String> names) throws IOException {
        if (names.isEmpty() || !Files.isRegularFile(tree.resolve("Kconfig"))) {
            return names; // busybox' options are in its sources and known only when make has collected them
        }
        Set<String> found = new HashSet<>();
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()
                        && String.valueOf(file.getFileName()).startsWith("Kconfig")) {
                    Matcher definitions = DEFINITION.matcher(Files.readString(file, ISO_8859_1));
                    while (definitions.find()) {
                        if (names.contains(definitions.group(1))) {
                            found.add(definitions.group(1));
                        }
                    }
                }
                return found.size() == names.size() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
