package dev.buildboss.worker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers what differs between two commits, since every board of a run asks the same. Safe to use from many threads. */
final class ChangedPaths {
    /** A run's boards go through the same pairs; more than a series of this length is asked for again. */
    private static final int MAX_PAIRS = 64;

    private final Worktrees worktrees;
    private final Map<String, Optional<List<String>>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<List<String>>> eldest) {
            return size() > MAX_PAIRS;
        }
    };

    ChangedPaths(Worktrees worktrees) {
        this.worktrees = worktrees;
    }

    /** The paths that differ; empty: that can't be told. */
    Optional<List<String>> between(String from, String to) {
        if (from.equals(to)) {
            return Optional.of(List.of());
        }
        synchronized (known) {
            return known.computeIfAbsent(from + " " + to, pair -> worktrees.changedPaths(from, to));
        }
    }
}
