package dev.buildboss.recipe;

import dev.buildboss.boards.SourceTree;
import dev.buildboss.model.Board;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a Kbuild tree keeps its configurations, what they are called as boards, and which architecture each is for.
 *
 * <p>Linux and barebox have {@code arch/<ARCH>/configs/<name>_defconfig}, busybox and others {@code configs/<name>_defconfig}. A
 * board has its configuration's name; {@code <ARCH>-<name>} where several architectures have one of that name, or where it has none
 * ({@code arch/arm64/configs/defconfig} is {@code arm64-defconfig}).
 */
final class KbuildTree {

    /** Goals that make a configuration without a file of its own. */
    static final Set<String> GOALS =
            Set.of("defconfig", "alldefconfig", "allnoconfig", "allyesconfig", "allmodconfig", "tinyconfig");

    private static final String SUFFIX = "_defconfig";
    private static final Pattern FILE =
            Pattern.compile("(?:arch/([A-Za-z0-9_]+)/)?configs/([^/]*?)_?defconfig|arch/([A-Za-z0-9_]+)/Kconfig");

    /** What Linux calls an architecture, and what compilers call it where that differs. */
    private static final Map<String, String> COMPILERS = Map.of(
            "arm64", "aarch64", "um", "sandbox", "parisc", "hppa", "openrisc", "or1k", "loongarch", "loongarch64");

    /**
     * A configuration of the tree.
     *
     * @param arch the tree's own name for the architecture ({@code ARCH}); empty where the tree has none
     * @param goal what make is asked for, such as {@code multi_v7_defconfig}
     */
    record Configuration(String arch, String goal) {
        private String name() {
            return goal.endsWith(SUFFIX) ? goal.substring(0, goal.length() - SUFFIX.length()) : goal;
        }

        private String qualified() {
            return arch + "-" + name();
        }
    }

    private final List<Configuration> configurations = new ArrayList<>();
    private final List<String> arches = new ArrayList<>();

    /** A tree of the boss's, on disk or in a commit; no file is read. */
    static KbuildTree of(SourceTree files) throws IOException {
        KbuildTree tree = new KbuildTree();
        for (String directory : List.of("configs", "arch")) {
            files.read(
                    directory,
                    path -> {
                        tree.add(path);
                        return false;
                    },
                    (path, text) -> {});
        }
        return tree.sorted();
    }

    /** A checked-out tree; only the few directories that matter are listed. */
    static KbuildTree at(Path top) {
        KbuildTree tree = new KbuildTree();
        tree.addAll(top, "configs");
        for (String arch : names(top.resolve("arch"))) {
            tree.addAll(top, "arch/" + arch + "/configs");
            if (Files.isRegularFile(top.resolve("arch").resolve(arch).resolve("Kconfig"))) {
                tree.add("arch/" + arch + "/Kconfig");
            }
        }
        return tree.sorted();
    }

    private void addAll(Path top, String directory) {
        names(top.resolve(directory)).forEach(name -> add(directory + "/" + name));
    }

    private static List<String> names(Path directory) {
        List<String> result = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> result.add(String.valueOf(entry.getFileName())));
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // not there: what is missing is said by make, when it is asked for it
        }
        return result;
    }

    private KbuildTree sorted() {
        configurations.sort(Comparator.comparing(Configuration::arch).thenComparing(Configuration::goal));
        arches.sort(Comparator.naturalOrder());
        return this;
    }

    private void add(String path) {
        Matcher file = FILE.matcher(path);
        if (!file.matches()) {
            return;
        }
        String name = file.group(2);
        if (name == null) {
            arches.add(file.group(3));
        } else {
            String arch = Optional.ofNullable(file.group(1)).orElse("");
            configurations.add(new Configuration(arch, name.isEmpty() ? "defconfig" : name + SUFFIX));
        }
    }

    /**
     * The boards: each configuration, and each of the further goals for each architecture.
     *
     * @param extraArches compilers' names of architectures, for trees that have none of their own; none: the host's
     * @param goals further goals, such as {@code allnoconfig}
     * @throws IllegalArgumentException if there are further architectures for a tree that has its own
     */
    List<Board> boards(List<String> extraArches, List<String> goals) {
        if (!extraArches.isEmpty() && !arches.isEmpty()) {
            throw new IllegalArgumentException(
                    "arches: " + String.join(", ", extraArches) + " are set, but this tree has"
                            + " architectures of its own (" + String.join(", ", arches)
                            + "): leave the setting away, and choose"
                            + " boards by architecture");
        }
        List<Configuration> all = new ArrayList<>(configurations);
        List<String> own = arches.isEmpty() ? List.of("") : arches;
        for (String goal : goals) {
            own.forEach(arch -> all.add(new Configuration(arch, goal)));
        }
        Map<String, Integer> uses = new HashMap<>();
        all.forEach(c -> uses.merge(c.name(), 1, Integer::sum));
        List<Board> boards = new ArrayList<>();
        for (Configuration configuration : all) {
            if (!configuration.arch().isEmpty()) {
                boolean plain =
                        uses.getOrDefault(configuration.name(), 0) == 1 && !GOALS.contains(configuration.name());
                add(boards, plain ? configuration.name() : configuration.qualified(), compiler(configuration.arch()));
            } else {
                List<String> targets = extraArches.isEmpty() ? List.of("sandbox") : extraArches;
                for (String arch : targets) {
                    String prefix = targets.size() == 1 ? "" : arch + "-";
                    add(boards, prefix + configuration.name(), arch);
                }
            }
        }
        return boards;
    }

    private static void add(List<Board> boards, String target, String arch) {
        if (Board.TARGET_PATTERN.matcher(target).matches()) {
            boards.add(Board.of(target, arch));
        }
    }

    /**
     * The configuration of a board, as {@link #boards} named it.
     *
     * @param arch the compiler's architecture; may be empty
     */
    Configuration find(String board, String arch) {
        Optional<Configuration> named = configurations.stream()
                .filter(c -> c.name().equals(board) || c.qualified().equals(board))
                .max(Comparator.comparing((Configuration c) -> c.qualified().equals(board))
                        .thenComparing(c -> compiler(c.arch()).equals(arch)));
        if (named.isPresent()) {
            return named.get();
        }
        for (int dash = board.indexOf('-'); dash > 0; dash = board.indexOf('-', dash + 1)) {
            String before = board.substring(0, dash);
            String rest = board.substring(dash + 1);
            boolean ours = arches.contains(before) || (arches.isEmpty() && before.equals(arch));
            if (ours && (GOALS.contains(rest) || has(rest))) {
                return new Configuration(arches.isEmpty() ? "" : before, GOALS.contains(rest) ? rest : rest + SUFFIX);
            }
        }
        String own = arches.contains(arch)
                ? arch
                : arches.stream()
                        .filter(a -> compiler(a).equals(arch))
                        .findFirst()
                        .orElse("");
        return new Configuration(own, GOALS.contains(board) ? board : board + SUFFIX);
    }

    private boolean has(String name) {
        return configurations.stream().anyMatch(c -> c.name().equals(name));
    }

    /** What a compiler for an architecture of the tree is called. */
    private static String compiler(String arch) {
        return COMPILERS.getOrDefault(arch, arch);
    }
}
