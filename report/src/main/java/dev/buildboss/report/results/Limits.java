package dev.buildboss.report.results;

/**
 * How much of a results directory is taken into memory, so that no damaged or hostile one can fill it.
 *
 * @param maxText the most bytes that are read of a cell's {@code err}; of a longer one the beginning
 * @param maxDiagnostics the most diagnostics of one cell
 * @param maxPool the most bytes of memory that different diagnostics take in all, about; when they are used up, further ones are
 *     left out, and their cells say so
 * @param maxDetail the most bytes of one file that details (function sizes, configuration, environment) are read from
 */
public record Limits(long maxText, int maxDiagnostics, long maxPool, long maxDetail) {

    private static final long MIB = 1024L * 1024L;

    /**
     * Different diagnostics take up to this part of the heap. The rest is for all else that a summary takes at its worst: the index as it is
     * read and written, what came and went at a commit, and the texts that are being read.
     */
    private static final int PART_OF_HEAP = 5;

    private static final long MOST_POOL = 512 * MIB;

    /** What nobody's honest matrix needs more of; of different diagnostics, what this program's heap has room for. */
    public static final Limits DEFAULT =
            new Limits(4 * MIB, 2_000, Math.min(MOST_POOL, Runtime.getRuntime().maxMemory() / PART_OF_HEAP), 16 * MIB);

    /** Refuses limits of nothing. */
    public Limits {
        if (maxText < 1 || maxDiagnostics < 1 || maxPool < 1 || maxDetail < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }
}
