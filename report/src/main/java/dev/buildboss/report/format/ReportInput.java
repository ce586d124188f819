package dev.buildboss.report.format;

import static java.util.Objects.requireNonNull;

import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.RunRecord;
import dev.buildboss.report.summary.Summary;
import dev.buildboss.report.timeline.Timeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report tells.
 *
 * @param summary the results and what each commit changed
 * @param run the last run that ended: it knows why cells were left out
 * @param timelines who built what when in the last runs, oldest first
 * @param limits how much is read of a cell's bigger files
 */
public record ReportInput(Summary summary, Optional<RunRecord> run, List<Timeline> timelines, Limits limits) {
    /** Checks the parts. */
    public ReportInput {
        requireNonNull(summary, "summary");
        requireNonNull(run, "run");
        timelines = List.copyOf(timelines);
        requireNonNull(limits, "limits");
    }

    /** The results. */
    public Matrix matrix() {
        return summary.matrix();
    }

    /** Why boards have no result at a commit, by board, as far as the last run knows. */
    Map<String, String> leftOut(int commit) {
        Map<String, String> reasons = new HashMap<>();
        run.ifPresent(r -> r.leftOut(matrix(), commit)
                .forEach((reason, boards) -> boards.forEach(board -> reasons.put(board, reason))));
        return reasons;
    }

    /** A cell's outcome in one word: {@code ok}, {@code warning}, {@code failed}, {@code damaged} or {@code not-built}. */
    static String outcome(CellReport cell) {
        return cell.outcome()
                .map(built -> switch (built.kind()) {
                    case OK -> "ok";
                    case WARNING -> "warning";
                    case FAILED -> "failed";
                })
                .orElse(cell.damage().isEmpty() ? "not-built" : "damaged");
    }
}
