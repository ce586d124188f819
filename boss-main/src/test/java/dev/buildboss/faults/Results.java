package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is on disk after a run, so that two runs can be compared. */
final class Results {

    /** They hold paths, job counts and the machine's name: only that they are there is compared. */
    private static final Set<String> OF_THEIR_OWN = Set.of("out-cmd", "out-env", "host");

    /** Lines that tell where a build was and who asked for it. */
    private static final Pattern OF_THEIR_PLACE = Pattern.compile("(?m)^(BUILDDIR|LANG) .*\n");

    private final Path root;

    /** The boards of a source as it stands, each with a directory of its own; empty: those are one further down, by commits. */
    private final List<String> boards;

    /** Those of an output directory's branch {@code work}. */
    Results(Path output) {
        this(output.resolve("work"), List.of());
    }

    private Results(Path root, List<String> boards) {
        this.root = root;
        this.boards = boards;
    }

    /** Those of a source as it stands, in their directory. */
    static Results ofSource(Path root, List<String> boards) {
        return new Results(root, boards);
    }

    /** The directory that {@code boss summary -o} takes. */
    Path root() {
        return root;
    }

    /** Each cell's files by the cell's place, such as {@code 01_g…_stub--Number-0/ash}; a file's text by its name. */
    Map<String, Map<String, String>> cells() {
        Map<String, Map<String, String>> result = new TreeMap<>();
        if (Files.isDirectory(root)) {
            for (Path entry : list(root)) {
                String name = entry.getFileName().toString();
                if (boards.contains(name)) {
                    result.put(name, files(entry));
                } else if (boards.isEmpty() && name.contains("_g")) {
                    list(entry).forEach(cell -> result.put(root.relativize(cell).toString(), files(cell)));
                }
            }
        }
        return result;
    }

    /** Where a board's results are, in the commits' order. */
    List<Path> cellDirs(String board) {
        return list(root).stream()
                .filter(commit -> commit.getFileName().toString().contains("_g"))
                .map(commit -> commit.resolve(board))
                .toList();
    }

    private static Map<String, String> files(Path cell) {
        Map<String, String> result = new TreeMap<>();
        for (Path file : list(cell)) {
            String name = file.getFileName().toString();
            if (!name.equals("host")) {
                result.put(name, OF_THEIR_OWN.contains(name) ? "" : text(file));
            }
        }
        return result;
    }

    private static String text(Path file) {
        try {
            return OF_THEIR_PLACE.matcher(Files.readString(file, ISO_8859_1)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every cell that is there is one of the undisturbed run's, with all its files. */
    void assertWholeCells(Results undisturbed) {
        assertThat(undisturbed.cells()).as("cells, whole").containsAllEntriesOf(cells());
    }

    /** The same cells with the same files. */
    void assertSameAs(Results undisturbed) {
        assertThat(cells()).as("all cells").isEqualTo(undisturbed.cells());
    }

    /** The cells of some boards, with the same files. */
    void assertSameAs(Results undisturbed, List<String> boards) {
        Map<String, Map<String, String>> expected = new TreeMap<>(undisturbed.cells());
        expected.keySet()
                .removeIf(cell -> !boards.contains(Path.of(cell).getFileName().toString()));
        assertThat(cells()).as("the cells of " + boards).isNotEmpty().isEqualTo(expected);
    }

    /** Nothing that was on its way to its place is left; a checkout that was killed may leave git's lock for the next run. */
    void assertNothingAside() {
        assertThat(root.resolve(".bm-work/staging")).as("files on their way").doesNotExist();
        assertThat(namesOfAllFiles())
                .as("temporary files")
                .noneMatch(name -> name.endsWith(".new") || name.endsWith(".tmp"));
    }

    /** Nor has git left a lock. */
    void assertNoGitLock() {
        assertThat(namesOfAllFiles()).doesNotContain("index.lock");
    }

    private List<String> namesOfAllFiles() {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> path.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
