package dev.buildboss.report.results;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What was read of each cell the last time, so that only what changed since is read again. A file beside the results, written
 * aside and renamed; one that is damaged, of another version or for other limits counts as none. Safe for threads.
 *
 * <p>An entry counts if the times of the cell's directory, {@code done}, {@code err} and {@code sizes} are what they were, and
 * none of them was younger than the file system's clock can tell apart when it was read (as in git's index).
 */
final class ResultsIndex {

    static final String DIRECTORY = ".buildboss";
    static final String NAME = "summary-index";

    /** Times closer to the reading than this tell nothing. */
    private static final long RACY_MS = 2_000;

    private final DiagnosticPool pool;
    private final Map<String, Entry> old;
    private final Map<String, Entry> fresh = new ConcurrentHashMap<>();
    private final AtomicBoolean changed = new AtomicBoolean();

    private ResultsIndex(DiagnosticPool pool, Map<String, Entry> old) {
        this.pool = pool;
        this.old = old;
    }

    /** A cell as it was read at certain times of its files, in ms. */
    record Entry(Stamp stamp, CellReport cell) {}

    /** The times by which a cell's entry is known to be good. */
    record Stamp(long dir, long done, long err, long sizes) {
        long youngest() {
            return Math.max(Math.max(dir, done), Math.max(err, sizes));
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

    /** A cell, from the index or from its files. */
    CellReport cell(Path commitDir, String target) {
        String dir = commitDir + File.separator + target;
        String name = commitDir.getFileName() + "/" + target;
        Stamp stamp = stamp(dir);
        Optional<Entry> known =
                Optional.ofNullable(old.get(name)).filter(e -> e.stamp().equals(stamp));
        if (known.isPresent()) {
            fresh.put(name, known.get());
            return known.get().cell();
        }
        CellReport cell = DiskCell.read(dir, pool);
        if (stamp.youngest() != 0 && stamp.youngest() < System.currentTimeMillis() - RACY_MS) {
            fresh.put(name, new Entry(stamp, cell));
            changed.set(true);
        }
        return cell;
    }

    private static Stamp stamp(String dir) {
        return new Stamp(
                new File(dir).lastModified(),
                new File(dir, "done").lastModified(),
                new File(dir, "err").lastModified(),
                new File(dir, "sizes").lastModified());
    }

    /** Writes it if it is worth it; a directory that can't be written stays without. */
    void saveIfChanged(Path directory) {
        if (!changed.get()) {
            return;
        }
        // What was not asked for this time stays, unless its place was left out for being gone.
        Map<String, Entry> all = new ConcurrentHashMap<>(old);
        all.keySet().removeIf(name -> !new File(directory.toFile(), name).isDirectory());
        all.putAll(fresh);
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
