package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is on disk of one cell.
 *
 * @param outcome how its build ended; empty if there is no result that counts
 * @param diagnostics what it said on stderr, each once, in order
 * @param sizes its images' sizes
 * @param machine where it was built; empty: here, or not known
 * @param confirmation what building its failure again told; empty if that was not done
 * @param damage what could not be read, in words; empty for a sane cell. A cell with damage may still have an outcome
 */
public record CellReport(
        Optional<Built> outcome,
        List<Diagnostic> diagnostics,
        List<ImageSize> sizes,
        String machine,
        Optional<Confirmation> confirmation,
        List<String> damage) {

    /** The damage of a cell for which there was no room left; with other cells read before it there may be. */
    public static final String LEFT_OUT = "what it said was left out: there are too many different errors in all";

    /** A cell of which nothing is on disk. */
    public static final CellReport MISSING = new CellReport(Optional.empty(), List.of(), List.of(), "", List.of());

    /** One whose failure, if it is one, was not built again. */
    public CellReport(
            Optional<Built> outcome,
            List<Diagnostic> diagnostics,
            List<ImageSize> sizes,
            String machine,
            List<String> damage) {
        this(outcome, diagnostics, sizes, machine, Optional.empty(), damage);
    }

    /** Copies the lists. */
    public CellReport {
        requireNonNull(outcome, "outcome");
        diagnostics = List.copyOf(diagnostics);
        sizes = List.copyOf(sizes);
        requireNonNull(machine, "machine");
        requireNonNull(confirmation, "confirmation");
        damage = List.copyOf(damage);
    }

    /** The same with some of its diagnostics only; if it warned and none is left, it is well. */
    CellReport withDiagnostics(List<Diagnostic> kept) {
        if (kept.size() == diagnostics.size()) {
            return this;
        }
        Optional<Built> now = outcome.map(built ->
                kept.isEmpty() && built.kind() == Kind.WARNING ? new Built(Kind.OK, built.returnCode()) : built);
        return new CellReport(now, kept, sizes, machine, confirmation, damage);
    }

    /** The same with equal diagnostics that are shared with others. */
    CellReport saying(List<Diagnostic> shared) {
        return new CellReport(outcome, shared, sizes, machine, confirmation, damage);
    }

    /** The same without what it said, for which there was no room. */
    CellReport leftOut() {
        List<String> more = new ArrayList<>(damage);
        more.add(LEFT_OUT);
        return new CellReport(outcome, List.of(), sizes, machine, confirmation, more);
    }

    /** Whether it said something that is not known here, as there was no room for it. */
    public boolean isLeftOut() {
        return damage.contains(LEFT_OUT);
    }

    /** Whether it has a result. */
    public boolean isBuilt() {
        return outcome.isPresent();
    }

    /** The kind of its result; one without a result is as one that is well. */
    public Kind kind() {
        return outcome.isPresent() ? outcome.get().kind() : Kind.OK;
    }
}
