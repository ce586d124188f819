package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.report.results.Diagnostic;
import java.util.List;
import java.util.Optional;

/**
 * A diagnostic that some boards did not have before a commit, do not have any more, or have at another line.
 *
 * @param diagnostic as it is now; for one that is gone, as it was
 * @param kind what happened to it
 * @param before as it was, if it only moved
 * @param boards the boards, by name
 * @param elsewhere whether some other board says the same, here and now, for which it is no change
 */
public record DiagnosticChange(
        Diagnostic diagnostic, Kind kind, Optional<Diagnostic> before, List<String> boards, boolean elsewhere) {

    /** What can happen to a diagnostic. */
    public enum Kind {
        /** It came. */
        ADDED,
        /** It went. */
        GONE,
        /** It is the same, at another line. */
        MOVED
    }

    /** Checks the parts. */
    public DiagnosticChange {
        requireNonNull(diagnostic, "diagnostic");
        requireNonNull(kind, "kind");
        requireNonNull(before, "before");
        boards = List.copyOf(boards);
    }
}
