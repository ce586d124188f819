package dev.buildboss.results;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The results that a run stored: of several of a cell the first counts, as two machines may have built it. Safe for threads. */
final class FirstResults {

    /** Results that are put in place at the same time, at most. */
    private static final int LOCKS = 64;

    private final ResultStore store;
    private final Map<Cell, Built> stored = new ConcurrentHashMap<>();
    private final Object[] locks = new Object[LOCKS];

    FirstResults(ResultStore store) {
        this.store = store;
        Arrays.setAll(locks, i -> new Object());
    }

    /**
     * Puts a result in place, if none of this run is there yet.
     *
     * @param counts whether it is a result; else what is said of a build without one, which gives way to any
     * @return the one that came first; empty: this one did
     */
    Optional<Built> put(Cell cell, Path from, Built result, boolean counts) throws IOException {
        synchronized (lockOf(cell)) {
            Optional<Built> first = Optional.ofNullable(stored.get(cell));
            if (first.isEmpty()) {
                store.moveIntoPlace(cell, from);
                if (counts) {
                    stored.put(cell, result);
                }
            }
            return first;
        }
    }

    /** Puts a result in place of whatever is there. */
    void replace(Cell cell, Path from, Built result) throws IOException {
        synchronized (lockOf(cell)) {
            store.moveIntoPlace(cell, from);
            stored.put(cell, result);
        }
    }

    private Object lockOf(Cell cell) {
        return locks[Math.floorMod(cell.hashCode(), locks.length)];
    }
}
