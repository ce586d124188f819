package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What each commit of a matrix changed. Pure; immutable; worked out commit by commit as it is asked for. */
public final class Summary {

    private final Matrix matrix;
    private final List<Board> boards;
    private final Map<String, Set<Integer>> flakes = new HashMap<>();

    /** The changes of a matrix. */
    public Summary(Matrix matrix) {
        this.matrix = requireNonNull(matrix, "matrix");
        this.boards = matrix.boards();
        for (Board board : boards) {
            Set<Integer> commits = matrix.history(board.target()).likelyFlakes();
            if (!commits.isEmpty()) {
                flakes.put(board.target(), commits);
            }
        }
    }

    /** What it is of. */
    public Matrix matrix() {
        return matrix;
    }

    /** The commits in order; each is worked out when it is reached. */
    public Stream<CommitChanges> commits() {
        return IntStream.range(0, matrix.commits().size()).mapToObj(this::commit);
    }

    /** One commit. */
    public CommitChanges commit(int index) {
        Map<Change, List<String>> outcomes = new EnumMap<>(Change.class);
        List<String> unknown = new ArrayList<>();
        SortedMap<String, List<String>> damaged = new TreeMap<>();
        List<String> blobs = new ArrayList<>();
        DiagnosticDiff diagnostics = new DiagnosticDiff();
        List<SizeChange> sizes = new ArrayList<>();
        Map<String, Integer> sized = new HashMap<>();
        for (Board board : boards) {
            String target = board.target();
            CellReport now = matrix.cell(index, target);
            if (!now.damage().isEmpty()) {
                damaged.put(target, now.damage());
            }
            if (!now.isBuilt()) {
                unknown.add(target);
                continue;
            }
            Optional<Integer> since = matrix.lastBuiltBefore(index, target);
            CellReport before = since.map(i -> matrix.cell(i, target)).orElse(CellReport.MISSING);
            change(before, now, index)
                    .ifPresent(change -> outcomes.computeIfAbsent(change, c -> new ArrayList<>())
                            .add(target));
            diagnostics.add(target, before.diagnostics(), now.diagnostics());
            if (!now.diagnostics().isEmpty()
                    && now.diagnostics().stream().anyMatch(d -> d.severity() == Severity.MISSING_BLOB)) {
                blobs.add(target);
            }
            if (isSized(before) && isSized(now)) {
                sized.merge(board.arch(), 1, Integer::sum);
                SortedMap<String, Long> deltas = SizeChange.between(before.sizes(), now.sizes());
                if (!deltas.isEmpty()) {
                    sizes.add(new SizeChange(target, board.arch(), since.orElse(0), deltas));
                }
            }
        }
        return new CommitChanges(
                index,
                matrix.commits().get(index),
                outcomes,
                unknown,
                damaged,
                flakesAt(index),
                blobs,
                diagnostics.changes(),
                sizes,
                sized);
    }

    /** What building failures of a commit again told, by board. */
    public SortedMap<String, Confirmation> confirmations(int index) {
        SortedMap<String, Confirmation> result = new TreeMap<>();
        for (Board board : boards) {
            matrix.cell(index, board.target()).confirmation().ifPresent(known -> result.put(board.target(), known));
        }
        return result;
    }

    /** The same as groups, what is not the source's fault first. */
    public List<ConfirmedBoards> confirmed(int index) {
        return ConfirmedBoards.of(confirmations(index));
    }

    private static Optional<Change> change(CellReport before, CellReport now, int commit) {
        Kind kind = now.outcome().map(Built::kind).orElse(Kind.OK);
        Kind was = before.outcome().map(Built::kind).orElse(Kind.OK);
        if (kind == was) {
            return before.isBuilt() || commit == 0 || kind != Kind.OK ? Optional.empty() : Optional.of(Change.NEW);
        }
        return Optional.of(
                switch (kind) {
                    case FAILED -> Change.BROKEN;
                    case WARNING -> Change.WARNS;
                    case OK -> Change.FIXED;
                });
    }

    private static boolean isSized(CellReport cell) {
        return !cell.sizes().isEmpty() && cell.outcome().map(Built::kind).orElse(Kind.FAILED) != Kind.FAILED;
    }

    private List<String> flakesAt(int commit) {
        Set<String> here = new TreeSet<>();
        flakes.forEach((board, commits) -> {
            if (commits.contains(commit) && !isConfirmed(board, commit) && isAlone(board, commit)) {
                here.add(board);
            }
        });
        return new ArrayList<>(here);
    }

    private boolean isConfirmed(String board, int commit) {
        return matrix.cell(commit, board)
                .confirmation()
                .filter(known -> known.verdict() == Confirmation.Verdict.CODE)
                .isPresent();
    }

    /** Whether no other board failed with the same words: if one did, it was the commit. */
    private boolean isAlone(String board, int commit) {
        Set<Diagnostic> said = new HashSet<>(matrix.cell(commit, board).diagnostics());
        said.removeIf(Diagnostic::consequence);
        for (Board other : boards) {
            CellReport cell = matrix.cell(commit, other.target());
            if (!other.target().equals(board)
                    && cell.outcome().map(Built::kind).orElse(Kind.OK) == Kind.FAILED
                    && cell.diagnostics().stream().anyMatch(d -> d.severity() == Severity.ERROR && said.contains(d))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The exit status that the cells mean: a damaged one, or one of those that the last run had to leave, counts as not built;
     * one that nobody tried counts for nothing.
     *
     * @param leftOut whether a cell without a result is known to have been tried
     * @param warningsAreFine {@code -W}
     */
    public ExitStatus exitStatus(boolean leftOut, boolean warningsAreFine) {
        boolean damaged = false;
        boolean failed = false;
        boolean warned = false;
        for (CellReport cell : (Iterable<CellReport>) matrix.cells()::iterator) {
            Optional<Kind> kind = cell.outcome().map(Built::kind);
            damaged |= kind.isEmpty() && !cell.damage().isEmpty();
            failed |= kind.isPresent() && kind.get() == Kind.FAILED;
            warned |= kind.isPresent() && kind.get() == Kind.WARNING;
        }
        if (damaged || leftOut) {
            return ExitStatus.NOT_BUILT;
        } else if (failed) {
            return ExitStatus.FAILED;
        }
        return warned && !warningsAreFine ? ExitStatus.WARNINGS : ExitStatus.OK;
    }
}
