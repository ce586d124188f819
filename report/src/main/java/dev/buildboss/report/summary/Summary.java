package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.results.BoardHistory;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What each commit of a matrix changed. Pure; immutable; worked out commit by commit as it is asked for, on any thread. */
public final class Summary {

    private final Matrix matrix;
    private final List<Board> boards;
    private final List<BoardHistory> histories = new ArrayList<>();
    private final Map<String, Set<Integer>> flakes = new HashMap<>();

    /** The changes of a matrix. */
    public Summary(Matrix matrix) {
        this.matrix = requireNonNull(matrix, "matrix");
        this.boards = matrix.boards();
        for (Board board : boards) {
            BoardHistory history = matrix.history(board.target());
            histories.add(history);
            Set<Integer> commits = history.likelyFlakes();
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
        CommitComparison comparison = new CommitComparison(index);
        for (int i = 0; i < histories.size(); i++) {
            comparison.add(histories.get(i), boards.get(i).arch());
        }
        return comparison.changes(matrix.commits().get(index), flakesAt(index));
    }

    /** What building failures of a commit again told, by board. */
    public SortedMap<String, Confirmation> confirmations(int index) {
        SortedMap<String, Confirmation> result = new TreeMap<>();
        for (BoardHistory history : histories) {
            history.cells().get(index).confirmation().ifPresent(known -> result.put(history.board(), known));
        }
        return result;
    }

    /** The same as groups, what is not the source's fault first. */
    public List<ConfirmedBoards> confirmed(int index) {
        return ConfirmedBoards.of(confirmations(index));
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
                    && cell.kind() == Kind.FAILED
                    && (cell.isLeftOut()
                            || cell.diagnostics().stream()
                                    .anyMatch(d -> d.severity() == Severity.ERROR && said.contains(d)))) {
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
            damaged |= !cell.isBuilt() && !cell.damage().isEmpty();
            failed |= cell.kind() == Kind.FAILED;
            warned |= cell.kind() == Kind.WARNING;
        }
        if (damaged || leftOut) {
            return ExitStatus.NOT_BUILT;
        } else if (failed) {
            return ExitStatus.FAILED;
        }
        return warned && !warningsAreFine ? ExitStatus.WARNINGS : ExitStatus.OK;
    }
}
