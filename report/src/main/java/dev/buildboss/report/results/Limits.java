package dev.buildboss.report.results;

/**
 * How much of a results directory is taken into memory, so that no damaged or hostile one can fill it.
 *
 * @param maxText the most bytes that are read of a cell's {@code err}; of a longer one the beginning
 * @param maxDiagnostics the most diagnostics of one cell
 * @param maxPool the most characters of different diagnostics in all; when they are used up, further ones are left out, and
 *     their cells say so
 * @param maxDetail the most bytes of one file that details (function sizes, configuration, environment) are read from
 */
public record Limits(long maxText, int maxDiagnostics, long maxPool, long maxDetail) {

    private static final long MIB = 1024L * 1024L;

    /** What nobody's honest matrix needs more of. */
    public static final Limits DEFAULT = new Limits(4 * MIB, 2_000, 64 * MIB, 16 * MIB);

    /** Refuses limits of nothing. */
    public Limits {
        if (maxText < 1 || maxDiagnostics < 1 || maxPool < 1 || maxDetail < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }
}
