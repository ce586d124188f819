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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is on disk after a run, so that two runs can be compared. */
final class Results {

    /** They hold paths, job counts and the machine's name: only that they are there is compared. */
    private static final Set<String> OF_THEIR_OWN = Set.of("out-cmd", "out-env", "host");

    private final Path root;

    /** Those of an output directory's branch {@code work}. */
    Results(Path output) {
        this.root = output.resolve("work");
    }

    /** Each cell's files by the cell's place, such as {@code 01_g…_stub--Number-0/ash}; a file's text by its name. */
    Map<String, Map<String, String>> cells() {
        Map<String, Map<String, String>> result = new TreeMap<>();
        if (Files.isDirectory(root)) {
            for (Path commit : list(root)) {
                if (commit.getFileName().toString().contains("_g")) {
                    list(commit)
                            .forEach(cell -> result.put(root.relativize(cell).toString(), files(cell)));
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
            return Files.readString(file, ISO_8859_1);
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
