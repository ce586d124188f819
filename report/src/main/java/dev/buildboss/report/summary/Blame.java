package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.report.results.BoardHistory;
import dev.buildboss.report.results.BoardHistory.Stretch;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the commit that began it: for each board that fails and for each thing that it says. Pure. */
public final class Blame {

    private Blame() {}

    /**
     * Something that is wrong with some boards since one commit.
     *
     * @param diagnostic what they say, as they said it first; empty: they fail and say nothing that would tell why
     * @param boards the boards, by name
     * @param since when: the same for all of them
     */
    public record Finding(Optional<Diagnostic> diagnostic, List<String> boards, Stretch since) {
        /** Copies the list. */
        public Finding {
            requireNonNull(diagnostic, "diagnostic");
            boards = List.copyOf(boards);
            requireNonNull(since, "since");
        }
    }

    /** What is or was wrong with one board: each error, and failures without one. */
    public static List<Finding> ofBoard(Matrix matrix, String board) {
        return find(matrix, List.of(board), d -> true, true);
    }

    /** Since when each thing that has a text in it is said, on whatever boards. */
    public static List<Finding> ofText(Matrix matrix, String text) {
        List<String> all = matrix.boards().stream().map(Board::target).toList();
        return find(matrix, all, d -> d.lines().stream().anyMatch(line -> line.contains(text)), false);
    }

    /** What each board that failed failed of; what it warned of besides is left out. */
    public static List<Finding> ofFailures(Matrix matrix) {
        List<String> failing = matrix.boards().stream()
                .map(Board::target)
                .filter(board -> !matrix.history(board).failures().isEmpty())
                .toList();
        return find(
                matrix, failing, d -> d.severity() != Severity.WARNING && d.severity() != Severity.MISSING_BLOB, true);
    }

    private record Group(String key, Stretch since) {}

    private static List<Finding> find(
            Matrix matrix, List<String> boards, Predicate<Diagnostic> wanted, boolean withFailures) {
        Map<Group, List<String>> groups = new LinkedHashMap<>();
        Map<Group, Diagnostic> first = new LinkedHashMap<>();
        for (String board : boards) {
            BoardHistory history = matrix.history(board);
            Map<String, Diagnostic> said = new LinkedHashMap<>();
            for (CellReport cell : history.cells()) {
                cell.diagnostics().stream()
                        .filter(d -> !d.consequence() && wanted.test(d))
                        .forEach(d -> said.putIfAbsent(d.key(), d));
            }
            said.forEach((key, diagnostic) ->
                    history.of(key).forEach(since -> add(new Group(key, since), diagnostic, board, groups, first)));
            if (withFailures) {
                history.failures().stream()
                        .filter(failure -> said.keySet().stream()
                                .allMatch(key -> history.of(key).stream()
                                        .noneMatch(since -> since.firstBad() == failure.firstBad())))
                        .forEach(failure -> groups.computeIfAbsent(new Group("", failure), g -> new ArrayList<>())
                                .add(board));
            }
        }
        List<Finding> findings = new ArrayList<>();
        groups.forEach((group, names) ->
                findings.add(new Finding(Optional.ofNullable(first.get(group)), names, group.since())));
        findings.sort(Comparator.comparingInt(f -> f.since().firstBad()));
        return findings;
    }

    private static void add(
            Group group,
            Diagnostic diagnostic,
            String board,
            Map<Group, List<String>> groups,
            Map<Group, Diagnostic> first) {
        groups.computeIfAbsent(group, g -> new ArrayList<>()).add(board);
        first.putIfAbsent(group, diagnostic);
    }
}
