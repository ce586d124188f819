package dev.buildboss.boards;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.exec.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * U-Boot's own tool that makes a list of boards of its Kconfig files ({@code tools/buildman/buildman -R}), run as a program with
 * limits: it never sees the user's home, and what it does is over when this returns. Blocks.
 */
final class BoardGenerator {

    private static final String TOOL = "tools/buildman/buildman";
    private static final String LIST = "boards.cfg";
    private static final long MAX_OUTPUT = 64 * 1024;

    private final Path tree;
    private final Duration limit;

    /**
     * The tool of a tree.
     *
     * @param limit the longest that it may take
     */
    BoardGenerator(Path tree, Duration limit) {
        this.tree = tree;
        this.limit = limit;
    }

    /** Whether the tree has the tool and this computer what runs it. */
    boolean isThere() {
        return Files.isRegularFile(tree.resolve(TOOL))
                && Programs.find("python3", Programs.searchPath()).isPresent();
    }

    /**
     * What it made, or why it made nothing.
     *
     * @param text the list in the format of {@code boards.cfg}; empty: there is none
     * @param trouble one line on what went wrong
     */
    record Made(Optional<String> text, String trouble) {}

    /**
     * Runs it.
     *
     * @param scratch a directory that is there, for what it writes
     * @throws IOException if that directory can't be written
     */
    Made run(Path scratch) throws IOException {
        Path directory = Files.createTempDirectory(scratch, "boards");
        Path list = directory.resolve(LIST);
        try (ProcessRunner runner = new ProcessRunner(Duration.ofMillis(500))) {
            // Old ones take no file after -R, but write where -o says; to them the file is a term that fits nothing.
            List<String> argv = List.of(
                    "python3", tree.resolve(TOOL).toString(), "-o", directory.toString(), "-R", list.toString());
            Execution done =
                    runner.run(new Exec(argv, tree, environment(directory), limit, MAX_OUTPUT, Optional.empty()));
            if (Files.isRegularFile(list) && Files.size(list) > 0) {
                return new Made(Optional.of(Files.readString(list)), ""); // a status of 2 is about maintainers only
            }
            return new Made(Optional.empty(), done.ok() ? "it wrote no list" : done.trouble());
        } finally {
            remove(directory);
        }
    }

    /** It would make settings in the user's home, and files of Python's in the tree. */
    private static Map<String, String> environment(Path home) {
        Map<String, String> result = new HashMap<>(System.getenv());
        result.keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("LC_"));
        result.put("HOME", home.toString());
        result.put("LC_ALL", "C.UTF-8");
        result.put("PYTHONUTF8", "1");
        result.put("PYTHONDONTWRITEBYTECODE", "1");
        return result;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
