package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One board through the commits of a matrix, oldest first. Pure.
 *
 * @param board its target
 * @param cells its cell of each commit
 */
public record BoardHistory(String board, List<CellReport> cells) {
    /** Copies the list. */
    public BoardHistory {
        requireNonNull(board, "board");
        cells = List.copyOf(cells);
    }

    /**
     * A stretch in which something was wrong.
     *
     * @param firstBad the first commit that shows it
     * @param lastGood the last commit before it that tells that it was not there; empty if there is none
     * @param fixed the first commit after it that tells that it is not there; empty if it is still wrong
     */
    public record Stretch(int firstBad, Optional<Integer> lastGood, Optional<Integer> fixed) {}

    /** The kind of a commit's result. */
    public Optional<Kind> kind(int commit) {
        return cells.get(commit).outcome().map(Built::kind);
    }

    /** The last commit before one that has a result; -1: there is none. */
    public int lastBuiltBefore(int commit) {
        int last = commit - 1;
        while (last >= 0 && !cells.get(last).isBuilt()) {
            last--;
        }
        return last;
    }

    /** The stretches in which the board failed. */
    public List<Stretch> failures() {
        return stretches(cell -> cell.outcome().orElseThrow().kind() == Kind.FAILED, cell -> true);
    }

    /**
     * The stretches in which a diagnostic was there, at whatever line. A build that failed without it tells nothing: it may not
     * have come that far. Nor does one of which it is not known what it said.
     */
    public List<Stretch> of(String diagnosticKey) {
        Predicate<CellReport> says =
                cell -> cell.diagnostics().stream().anyMatch(d -> d.key().equals(diagnosticKey));
        return stretches(
                says,
                cell -> says.test(cell) || (cell.outcome().orElseThrow().kind() != Kind.FAILED && !cell.isLeftOut()));
    }

    private List<Stretch> stretches(Predicate<CellReport> isBad, Predicate<CellReport> tells) {
        List<Stretch> result = new ArrayList<>();
        Optional<Integer> lastGood = Optional.empty();
        int firstBad = -1;
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isBuilt() || !tells.test(cells.get(i))) {
                continue;
            }
            if (isBad.test(cells.get(i))) {
                firstBad = firstBad < 0 ? i : firstBad;
            } else {
                if (firstBad >= 0) {
                    result.add(new Stretch(firstBad, lastGood, Optional.of(i)));
                    firstBad = -1;
                }
                lastGood = Optional.of(i);
            }
        }
        if (firstBad >= 0) {
            result.add(new Stretch(firstBad, lastGood, Optional.empty()));
        }
        return result;
    }

    /**
     * Commits at which the board failed although nothing of its own was wrong, as it seems: it was good before and after with
     * the same images, and nothing that it said points at a line of source.
     */
    public Set<Integer> likelyFlakes() {
        Set<Integer> result = new HashSet<>();
        if (!hasFailure()) {
            return result; // as most boards
        }
        for (Stretch stretch : failures()) {
            if (stretch.lastGood().isEmpty() || stretch.fixed().isEmpty()) {
                continue;
            }
            CellReport before = cells.get(stretch.lastGood().get());
            CellReport after = cells.get(stretch.fixed().get());
            boolean isSame = before.sizes().equals(after.sizes());
            for (int i = stretch.firstBad(); isSame && i < stretch.fixed().get(); i++) {
                if (cells.get(i).isBuilt()
                        && !cells.get(i).isLeftOut()
                        && cells.get(i).diagnostics().stream().noneMatch(Diagnostic::isPlainlyInSource)) {
                    result.add(i);
                }
            }
        }
        return result;
    }

    private boolean hasFailure() {
        for (CellReport cell : cells) {
            if (cell.kind() == Kind.FAILED) {
                return true;
            }
        }
        return false;
    }
}
