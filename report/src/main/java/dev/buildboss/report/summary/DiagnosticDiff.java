package dev.buildboss.report.summary;

import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.summary.DiagnosticChange.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects, board by board, what came, went and moved at one commit. */
final class DiagnosticDiff {

    private record Key(Kind kind, Diagnostic diagnostic, Optional<Diagnostic> before) {}

    private final Map<Key, List<String>> boards = new LinkedHashMap<>();
    private final Set<List<Diagnostic>> unchanged = new HashSet<>();
    private final Set<String> staying = new HashSet<>();

    /** Compares what a board said before and now. */
    void add(String board, List<Diagnostic> before, List<Diagnostic> now) {
        if (before.equals(now)) {
            if (!now.isEmpty()) {
                unchanged.add(now);
            }
            return;
        }
        Set<Diagnostic> same = new HashSet<>(before);
        same.retainAll(new HashSet<>(now));
        same.forEach(diagnostic -> staying.add(diagnostic.key()));
        Map<String, Deque<Diagnostic>> gone = new LinkedHashMap<>();
        for (Diagnostic old : before) {
            if (!same.contains(old)) {
                gone.computeIfAbsent(old.key(), k -> new ArrayDeque<>()).add(old);
            }
        }
        List<Diagnostic> added = new ArrayList<>();
        Map<Diagnostic, Diagnostic> moved = new HashMap<>();
        for (Diagnostic current : now) {
            Deque<Diagnostic> old = gone.getOrDefault(current.key(), new ArrayDeque<>());
            if (!same.contains(current)) {
                Diagnostic was = old.poll();
                if (was == null) {
                    added.add(current);
                } else {
                    moved.put(current, was);
                }
            }
        }
        for (Deque<Diagnostic> left : gone.values()) {
            left.forEach(old -> put(Kind.GONE, old, Optional.empty(), board));
        }
        added.forEach(current -> put(Kind.ADDED, current, Optional.empty(), board));
        moved.forEach((current, was) -> {
            staying.add(current.key());
            put(Kind.MOVED, current, Optional.of(was), board);
        });
    }

    private void put(Kind kind, Diagnostic diagnostic, Optional<Diagnostic> before, String board) {
        boards.computeIfAbsent(new Key(kind, diagnostic, before), k -> new ArrayList<>())
                .add(board);
    }

    private boolean isElsewhere(Key key) {
        return key.kind() != Kind.MOVED && staying.contains(key.diagnostic().key());
    }

    List<DiagnosticChange> changes() {
        List<DiagnosticChange> result = new ArrayList<>();
        unchanged.forEach(list -> list.forEach(diagnostic -> staying.add(diagnostic.key())));
        boards.forEach((key, names) ->
                result.add(new DiagnosticChange(key.diagnostic(), key.kind(), key.before(), names, isElsewhere(key))));
        return result;
    }
}
