package dev.buildboss.model;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which failures count only when they are confirmed by another build. */
public enum Doubts {
    /** None. */
    OFF,
    /** Those of which the compiler does not plainly say where in the source they are. */
    DOUBTFUL,
    /** All. */
    ALWAYS;

    /**
     * A file of the tree, a line, and an error: gcc's, the assembler's, dtc's. A file that is missing may be one that another
     * job was to make first, and an internal error is the compiler's own.
     */
    private static final Pattern IN_SOURCE = Pattern.compile(
            "(?m)^(?!/)[^\\s:][^:\\n]{0,500}:\\d+(?::\\d+)?: (?:fatal )?[Ee]rror: (?!.*: No such file or directory$)"
                    + "|^Error: (?!/)[^\\s:][^:\\n]{0,500}:\\d+\\.\\d+");

    /** The one of that setting's word. */
    public static Doubts of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Whether an outcome counts only when it is confirmed. */
    public boolean isDoubtful(CellOutcome outcome, String stderr) {
        return this != OFF
                && outcome instanceof Built built
                && built.kind() == Kind.FAILED
                && (this == ALWAYS || !IN_SOURCE.matcher(stderr).find());
    }
}
