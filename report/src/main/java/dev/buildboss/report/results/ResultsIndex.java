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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What was read of each cell the last time, so that only what changed since is read again. A file beside the results, written
 * aside and renamed; one that is damaged, of another version or for other limits counts as none. Safe for threads.
 *
 * <p>An entry counts if the times of the cell's {@code done} and {@code err} are what they were, and neither of them was
 * so young when it was read that the file system's clock could not tell, or that a tool that writes {@code done} first could
 * still have been at it (as in git's index).
 */
final class ResultsIndex {

    static final String DIRECTORY = ".buildboss";
    static final String NAME = "summary-index";

    /** Times closer to the reading than this tell nothing. */
    private static final long RACY_MS = 3_000;

    private final DiagnosticPool pool;
    private final CompletableFuture<Map<String, Map<String, Entry>>> old;
    private final Map<String, Map<String, Entry>> fresh = new ConcurrentHashMap<>();
    private final AtomicBoolean changed = new AtomicBoolean();

    private ResultsIndex(DiagnosticPool pool, CompletableFuture<Map<String, Map<String, Entry>>> old) {
        this.pool = pool;
        this.old = old;
    }

    /** A cell as it was read at certain times of its files, in ms. */
    record Entry(Stamp stamp, CellReport cell) {}

    /** The times by which a cell's entry is known to be good. */
    record Stamp(long done, long err) {
        long youngest() {
            return Math.max(done, err);
        }
    }

    static ResultsIndex none(DiagnosticPool pool) {
        return new ResultsIndex(pool, CompletableFuture.completedFuture(Map.of()));
    }

    /** Begins to read the index; what needs it waits. */
    static ResultsIndex load(Path directory, DiagnosticPool pool) {
        Path file = directory.resolve(DIRECTORY).resolve(NAME);
        if (!file.toFile().isFile()) {
            return none(pool);
        }
        return new ResultsIndex(pool, CompletableFuture.supplyAsync(() -> IndexFile.read(file, pool)));
    }

    /** The cells of one commit: their times at first, all of them when asked for. */
    final class Row {
        private final String directory;
        private final String name;
        private final Map<String, Stamp> stamps = new HashMap<>();

        private Row(Optional<Path> dir, Function<Path, List<String>> targets) {
            this.directory = dir.map(Path::toString).orElse("");
            this.name = dir.map(d -> d.getFileName().toString()).orElse("");
            for (String target : dir.map(targets).orElse(List.of())) {
                stamps.put(target, stamp(pathOf(target)));
            }
        }

        private String pathOf(String target) {
            return directory + File.separator + target;
        }

        /** The cells that have a directory, from the index or from their files. */
        Map<String, CellReport> cells() {
            Map<String, CellReport> cells = new HashMap<>(2 * stamps.size());
            Map<String, Entry> known = old.join().getOrDefault(name, Map.of());
            stamps.forEach((target, stamp) -> {
                Entry entry = known.get(target);
                CellReport cell = entry != null && entry.stamp().equals(stamp) ? entry.cell() : read(target, stamp);
                if (!cell.equals(CellReport.MISSING) || Files.isDirectory(Path.of(pathOf(target)), NOFOLLOW_LINKS)) {
                    cells.put(target, cell);
                }
            });
            return cells;
        }

        private CellReport read(String target, Stamp stamp) {
            CellReport cell = DiskCell.read(pathOf(target), pool);
            // What is still to be confirmed gets its verdict without a change of these files' times.
            boolean isOpen = cell.confirmation()
                    .filter(known -> known.verdict() == Verdict.OPEN)
                    .isPresent();
            if (!isOpen && stamp.youngest() != 0 && stamp.youngest() < System.currentTimeMillis() - RACY_MS) {
                fresh.computeIfAbsent(name, n -> new ConcurrentHashMap<>()).put(target, new Entry(stamp, cell));
                changed.set(true);
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

    private static Stamp stamp(String dir) {
        return new Stamp(new File(dir, "done").lastModified(), new File(dir, "err").lastModified());
    }

    /** Writes it if it is worth it; a directory that can't be written stays without. */
    void saveIfChanged(Path directory) {
        if (!changed.get()) {
            return;
        }
        // What was not asked for this time stays, unless its directory is gone.
        Map<String, Map<String, Entry>> all = new HashMap<>();
        old.join().forEach((dir, cells) -> {
            if (new File(directory.toFile(), dir).isDirectory()) {
                all.put(dir, new HashMap<>(cells));
            }
        });
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
