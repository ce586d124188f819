package dev.buildboss.git;

import static java.util.Objects.requireNonNull;

/**
 * What a git command did.
 *
 * @param ok whether it ended with status 0
 * @param out its standard output, without the newline at the end
 * @param trouble one line that names the command and says what went wrong; empty if nothing did
 */
public record GitResult(boolean ok, String out, String trouble) {
    /** Checks the parts. */
    public GitResult {
        requireNonNull(out, "out");
        requireNonNull(trouble, "trouble");
    }
}
