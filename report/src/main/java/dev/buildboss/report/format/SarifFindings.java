package dev.buildboss.report.format;

import dev.buildboss.model.Board;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the last commit of a matrix has to say, each thing once with its boards, against the first commit. Pure.
 *
 * <p>A board that has no result at the last commit counts with its last one before.
 */
final class SarifFindings {

    /** Whether a finding was there at the first commit; the names are SARIF's baseline states. */
    enum Baseline {
        /** It came since. */
        NEW,
        /** It is there at another line. */
        UPDATED,
        /** It is there as it was. */
        UNCHANGED,
        /** It went since. */
        ABSENT
    }

    /**
     * A finding.
     *
     * @param baseline empty if there is nothing to compare with
     */
    record Finding(Diagnostic diagnostic, List<String> boards, Optional<Baseline> baseline) {
        Finding {
            boards = List.copyOf(boards);
        }
    }

    private SarifFindings() {}

    /** The findings: new ones first, then errors before warnings. */
    static List<Finding> of(Matrix matrix) {
        int last = matrix.commits().size() - 1;
        if (last < 0) {
            return List.of();
        }
        Map<Diagnostic, List<String>> now = new LinkedHashMap<>();
        Map<Diagnostic, List<String>> before = new LinkedHashMap<>();
        for (Board board : matrix.boards()) {
            String target = board.target();
            int at = matrix.cell(last, target).isBuilt()
                    ? last
                    : matrix.lastBuiltBefore(last, target).orElse(last);
            collect(now, target, matrix.cell(at, target));
            // A board that has one result only is its own baseline: nothing is known to have gone.
            collect(before, target, matrix.cell(0, target));
        }
        List<Finding> findings = new ArrayList<>();
        Set<String> keysBefore = keys(before);
        now.forEach((diagnostic, boards) -> {
            Baseline baseline = before.containsKey(diagnostic)
                    ? Baseline.UNCHANGED
                    : keysBefore.contains(diagnostic.key()) ? Baseline.UPDATED : Baseline.NEW;
            findings.add(new Finding(diagnostic, boards, last == 0 ? Optional.empty() : Optional.of(baseline)));
        });
        Set<String> keysNow = keys(now);
        before.forEach((diagnostic, boards) -> {
            if (!keysNow.contains(diagnostic.key())) {
                findings.add(new Finding(diagnostic, boards, Optional.of(Baseline.ABSENT)));
            }
        });
        findings.sort(Comparator.<Finding, Integer>comparing(
                        f -> f.baseline().map(Enum::ordinal).orElse(0))
                .thenComparing(f -> f.diagnostic().severity() == Severity.WARNING));
        return findings;
    }

    private static Set<String> keys(Map<Diagnostic, List<String>> diagnostics) {
        Set<String> keys = new HashSet<>();
        diagnostics.keySet().forEach(diagnostic -> keys.add(diagnostic.key()));
        return keys;
    }

    private static void collect(Map<Diagnostic, List<String>> into, String board, CellReport cell) {
        for (Diagnostic diagnostic : cell.diagnostics()) {
            if (!diagnostic.consequence()) {
                into.computeIfAbsent(diagnostic, d -> new ArrayList<>()).add(board);
            }
        }
    }
}
