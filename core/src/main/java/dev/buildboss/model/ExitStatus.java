package dev.buildboss.model;

import java.util.Collection;

/** The exit status of a build: a function of its cells, the first that applies in this order. */
public enum ExitStatus {
    /** The user stopped it. */
    INTERRUPTED(130),
    /** Bad arguments, settings or set-up: nothing was built. */
    USAGE(1),
    /** Something went wrong inside Buildboss. */
    INTERNAL(102),
    /** A cell was not built at all. */
    NOT_BUILT(103),
    /** A cell failed. */
    FAILED(100),
    /** Nothing worse than warnings. */
    WARNINGS(101),
    /** All well. */
    OK(0);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    /** The process's exit code. */
    public int code() {
        return code;
    }

    /** The one of two exit codes that counts for both together. */
    public static int first(int one, int other) {
        for (ExitStatus status : values()) {
            if (status.code == one || status.code == other) {
                return status.code;
            }
        }
        throw new IllegalArgumentException("not exit statuses: " + one + ", " + other);
    }

    /**
     * The status that follows from the cells.
     *
     * @param outcomes the outcome of every cell of the matrix
     * @param interrupted whether the user stopped the run
     * @param internal whether Buildboss itself failed
     * @param warningsAreFine {@code -W}: warnings alone end with 0
     */
    public static ExitStatus of(
            Collection<CellOutcome> outcomes, boolean interrupted, boolean internal, boolean warningsAreFine) {
        boolean notBuilt = false;
        boolean failed = false;
        boolean warned = false;
        for (CellOutcome outcome : outcomes) {
            if (outcome instanceof CellOutcome.Built built) {
                failed |= built.kind() == CellOutcome.Kind.FAILED;
                warned |= built.kind() == CellOutcome.Kind.WARNING;
            } else {
                notBuilt = true;
            }
        }
        if (interrupted) {
            return INTERRUPTED;
        } else if (internal) {
            return INTERNAL;
        } else if (notBuilt) {
            return NOT_BUILT;
        } else if (failed) {
            return FAILED;
        } else if (warned && !warningsAreFine) {
            return WARNINGS;
        }
        return OK;
    }
}
