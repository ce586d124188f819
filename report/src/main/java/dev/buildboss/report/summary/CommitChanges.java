package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.report.results.MatrixCommit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one commit changed, each board compared with its own last result before it; at the first commit with a source without
 * faults. Boards are in the order of their names everywhere.
 *
 * @param index the commit's place in the matrix, from 0
 * @param commit the commit
 * @param outcomes the boards whose outcome changed, by how; every kind is there
 * @param unknown boards without a result here
 * @param damaged boards whose results are damaged here, with what is wrong
 * @param flakes boards that failed here, but for no fault of their own as it seems: they built before and after with the same
 *     images, and no error points at the source
 * @param missingBlobs boards whose images lack external blobs here
 * @param diagnostics what came, went and moved; each once, in the order in which boards said it
 * @param sizes the boards whose images changed
 * @param sized how many boards of each architecture have sizes both here and before
 */
public record CommitChanges(
        int index,
        MatrixCommit commit,
        Map<Change, List<String>> outcomes,
        List<String> unknown,
        SortedMap<String, List<String>> damaged,
        List<String> flakes,
        List<String> missingBlobs,
        List<DiagnosticChange> diagnostics,
        List<SizeChange> sizes,
        Map<String, Integer> sized) {

    /** Copies all. */
    public CommitChanges {
        requireNonNull(commit, "commit");
        Map<Change, List<String>> copy = new EnumMap<>(Change.class);
        for (Change change : Change.values()) {
            copy.put(change, List.copyOf(outcomes.getOrDefault(change, List.of())));
        }
        outcomes = Collections.unmodifiableMap(copy);
        unknown = List.copyOf(unknown);
        damaged = Collections.unmodifiableSortedMap(new TreeMap<>(damaged));
        flakes = List.copyOf(flakes);
        missingBlobs = List.copyOf(missingBlobs);
        diagnostics = List.copyOf(diagnostics);
        sizes = List.copyOf(sizes);
        sized = Map.copyOf(sized);
    }

    /** The boards whose outcome changed in a way. */
    public List<String> boards(Change change) {
        return outcomes.getOrDefault(change, List.of());
    }

    /** The diagnostics of a kind of change. */
    public List<DiagnosticChange> diagnostics(DiagnosticChange.Kind kind) {
        return diagnostics.stream().filter(d -> d.kind() == kind).toList();
    }
}
