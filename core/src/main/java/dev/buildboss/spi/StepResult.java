package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

/**
 * What a command did.
 *
 * @param code its exit status
 * @param stdout its standard output
 * @param stderr its standard error
 */
public record StepResult(int code, String stdout, String stderr) {
    /** Checks the parts. */
    public StepResult {
        requireNonNull(stdout, "stdout");
        requireNonNull(stderr, "stderr");
    }
}
