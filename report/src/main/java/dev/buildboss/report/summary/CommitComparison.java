package dev.buildboss.report.summary;

import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.report.results.BoardHistory;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.results.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects, board by board, what one commit changed. */
final class CommitComparison {

    private final int index;
    private final Map<Change, List<String>> outcomes = new EnumMap<>(Change.class);
    private final List<String> unknown = new ArrayList<>();
    private final SortedMap<String, List<String>> damaged = new TreeMap<>();
    private final List<String> blobs = new ArrayList<>();
    private final DiagnosticDiff diagnostics = new DiagnosticDiff();
    private final List<SizeChange> sizes = new ArrayList<>();
    private final Map<String, Integer> sized = new HashMap<>();

    /** For the commit of that place. */
    CommitComparison(int index) {
        this.index = index;
    }

    /** Compares a board's cell with its last result before. A method of its own, so that the JVM compiles it early. */
    void add(BoardHistory history, String arch) {
        String target = history.board();
        CellReport now = history.cells().get(index);
        if (!now.damage().isEmpty()) {
            damaged.put(target, now.damage());
        }
        if (!now.isBuilt()) {
            unknown.add(target);
            return;
        }
        int since = history.lastBuiltBefore(index);
        CellReport before = since < 0 ? CellReport.MISSING : history.cells().get(since);
        change(before, now)
                .ifPresent(change ->
                        outcomes.computeIfAbsent(change, c -> new ArrayList<>()).add(target));
        if (!before.isLeftOut() && !now.isLeftOut()) {
            diagnostics.add(target, before.diagnostics(), now.diagnostics());
        }
        if (!now.diagnostics().isEmpty()
                && now.diagnostics().stream().anyMatch(d -> d.severity() == Severity.MISSING_BLOB)) {
            blobs.add(target);
        }
        if (isSized(before) && isSized(now)) {
            sized.merge(arch, 1, Integer::sum);
            SortedMap<String, Long> deltas = SizeChange.between(before.sizes(), now.sizes());
            if (!deltas.isEmpty()) {
                sizes.add(new SizeChange(target, arch, since, deltas));
            }
        }
    }

    CommitChanges changes(MatrixCommit commit, List<String> flakes) {
        return new CommitChanges(
                index, commit, outcomes, unknown, damaged, flakes, blobs, diagnostics.changes(), sizes, sized);
    }

    private Optional<Change> change(CellReport before, CellReport now) {
        Kind kind = now.kind();
        if (kind == before.kind()) {
            return before.isBuilt() || index == 0 || kind != Kind.OK ? Optional.empty() : Optional.of(Change.NEW);
        }
        return Optional.of(
                switch (kind) {
                    case FAILED -> Change.BROKEN;
                    case WARNING -> Change.WARNS;
                    case OK -> Change.FIXED;
                });
    }

    private static boolean isSized(CellReport cell) {
        return !cell.sizes().isEmpty() && cell.isBuilt() && cell.kind() != Kind.FAILED;
    }
}
