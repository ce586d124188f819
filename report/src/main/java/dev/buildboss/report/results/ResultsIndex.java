package dev.buildboss.report.results;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.buildboss.model.Confirmation.Verdict;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was read of each cell the last time, so that only what changed since is read again. A file beside the results, written
 * aside and renamed; one that is damaged, of another version or for other limits counts as none. Safe for threads.
 *
 * <p>An entry counts if the times of the cell's directory and of its {@code done} are what they were, and neither of them was so young
 * when it was read that the file system's clock could not tell, or that a tool could still have been at it (as in git's index). The
 * directory's tells of every file that came, went or was replaced; that of {@code done}, of a tool that writes into the files that are
 * there.
 */
final class ResultsIndex {

    static final String DIRECTORY = ".buildboss";
    static final String NAME = "summary-index";

    /** Times closer to the reading than this tell nothing. */
    private static final long RACY_MS = 3_000;

    private static final String DONE = File.separator + "done";

    private final DiagnosticPool pool;
    private final CompletableFuture<IndexContent> old;
    private final Map<String, Map<String, Entry>> fresh = new ConcurrentHashMap<>();

    private ResultsIndex(DiagnosticPool pool, CompletableFuture<IndexContent> old) {
        this.pool = pool;
        this.old = old;
    }

    /** A cell as it was read at certain times of its files, in ms. */
    record Entry(Stamp stamp, CellReport cell) {}

    /** The times by which a cell's entry is known to be good: those of its directory and of its {@code done}. */
    record Stamp(long directory, long done) {
        long youngest() {
            return Math.max(directory, done);
        }
    }

    static ResultsIndex none(DiagnosticPool pool) {
        return new ResultsIndex(pool, CompletableFuture.completedFuture(IndexContent.NONE));
    }

    /** Begins to read the index; what needs it waits. */
    static ResultsIndex load(Path directory, DiagnosticPool pool) {
        Path file = directory.resolve(DIRECTORY).resolve(NAME);
        if (!file.toFile().isFile()) {
            return none(pool);
        }
        return new ResultsIndex(pool, CompletableFuture.supplyAsync(() -> IndexContent.read(file, pool.limits())));
    }

    /** The cells of one commit: their times at first, all of them when asked for. */
    final class Row {
        private final String directory;
        private final String name;
        private final List<String> targets;
        private final long[] own;
        private final long[] done;

        private Row(Optional<Path> dir, Function<Path, List<String>> targets) {
            this.directory = dir.map(Path::toString).orElse("");
            this.name = dir.map(d -> d.getFileName().toString()).orElse("");
            this.targets = dir.map(targets).orElse(List.of());
            this.own = new long[this.targets.size()];
            this.done = new long[own.length];
            for (int i = 0; i < own.length; i++) {
                stamp(i);
            }
        }

        /** Plain java.io: with fifty thousand cells, half of the time of java.nio's calls for the same. */
        private void stamp(int i) {
            String cell = pathOf(targets.get(i));
            own[i] = new File(cell).lastModified();
            done[i] = new File(cell + DONE).lastModified();
        }

        private String pathOf(String target) {
            return directory + File.separator + target;
        }

        /** The cells that have a directory, from the index or from their files. */
        Map<String, CellReport> cells() {
            Map<String, CellReport> cells = new HashMap<>(2 * targets.size());
            IndexContent.Row known = old.join().row(name);
            for (int i = 0; i < own.length; i++) {
                add(i, known, cells);
            }
            return cells;
        }

        private void add(int i, IndexContent.Row known, Map<String, CellReport> cells) {
            String target = targets.get(i);
            CellReport cell = known.cell(target, own[i], done[i], pool);
            if (cell == null) {
                cell = read(target, new Stamp(own[i], done[i]));
            }
            if (cell.isBuilt()
                    || !cell.equals(CellReport.MISSING)
                    || Files.isDirectory(Path.of(pathOf(target)), NOFOLLOW_LINKS)) {
                cells.put(target, cell);
            }
        }

        private CellReport read(String target, Stamp stamp) {
            CellReport cell = DiskCell.read(pathOf(target), pool);
            // What is still to be confirmed gets its verdict without a change of these files' times.
            boolean isOpen = cell.confirmation()
                    .filter(known -> known.verdict() == Verdict.OPEN)
                    .isPresent();
            if (!isOpen
                    && !cell.isLeftOut()
                    && stamp.done() != 0
                    && stamp.youngest() < System.currentTimeMillis() - RACY_MS) {
                fresh.computeIfAbsent(name, n -> new ConcurrentHashMap<>()).put(target, new Entry(stamp, cell));
            }
            return cell;
        }
    }

    /**
     * A commit's cells.
     *
     * @param commitDir where they are; empty: there are none
     * @param targets the boards to look for there
     */
    Row row(Optional<Path> commitDir, Function<Path, List<String>> targets) {
        return new Row(commitDir, targets);
    }

    /** Writes it if it is worth it; a directory that can't be written stays without. */
    void saveIfChanged(Path directory) {
        if (fresh.isEmpty()) {
            return;
        }
        // What was not asked for this time stays, unless its directory is gone.
        Map<String, Map<String, Entry>> all =
                old.join().entries(dir -> new File(directory.toFile(), dir).isDirectory());
        fresh.forEach(
                (dir, cells) -> all.computeIfAbsent(dir, d -> new HashMap<>()).putAll(cells));
        Path own = directory.resolve(DIRECTORY);
        Path aside = own.resolve(NAME + "." + ProcessHandle.current().pid());
        try {
            Files.createDirectories(own);
            IndexFile.write(aside, all, pool.limits());
            Files.move(aside, own.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(aside);
            } catch (IOException again) {
                e.addSuppressed(again); // the next one with this process id overwrites it
            }
        }
    }
}
