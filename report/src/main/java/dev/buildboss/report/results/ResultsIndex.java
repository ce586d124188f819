package dev.buildboss.report.results;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

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
    private final Map<String, Map<String, Entry>> old;
    private final Map<String, Map<String, Entry>> fresh = new ConcurrentHashMap<>();
    private final AtomicBoolean changed = new AtomicBoolean();

    private ResultsIndex(DiagnosticPool pool, Map<String, Map<String, Entry>> old) {
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
        return new ResultsIndex(pool, Map.of());
    }

    static ResultsIndex load(Path directory, DiagnosticPool pool) {
        Path file = directory.resolve(DIRECTORY).resolve(NAME);
        if (!file.toFile().isFile()) {
            return none(pool);
        }
        return new ResultsIndex(pool, IndexFile.read(file, pool));
    }

    /** The cells of one commit; its directory's names and the paths of its cells are the caller's. */
    final class Row {
        private final String commitDir;
        private final Map<String, Entry> known;
        private final Map<String, Entry> seen;

        private Row(Path commitDir) {
            String name = commitDir.getFileName().toString();
            this.commitDir = commitDir.toString();
            this.known = old.getOrDefault(name, Map.of());
            this.seen = fresh.computeIfAbsent(name, n -> new ConcurrentHashMap<>());
        }

        /** A cell, from the index or from its files. */
        CellReport cell(String target) {
            String dir = commitDir + File.separator + target;
            Stamp stamp = stamp(dir);
            Entry entry = known.get(target);
            if (entry != null && entry.stamp().equals(stamp)) {
                seen.put(target, entry);
                return entry.cell();
            }
            CellReport cell = DiskCell.read(dir, pool);
            if (stamp.youngest() != 0 && stamp.youngest() < System.currentTimeMillis() - RACY_MS) {
                seen.put(target, new Entry(stamp, cell));
                changed.set(true);
            }
            return cell;
        }
    }

    /** A commit's cells. */
    Row row(Path commitDir) {
        return new Row(commitDir);
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
        old.forEach((dir, cells) -> {
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
