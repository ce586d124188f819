package dev.buildboss.history;

import static java.util.Objects.requireNonNull;

/**
 * How long one cell took.
 *
 * @param board its board
 * @param arch the board's architecture
 * @param commit the commit's hash
 * @param machine where it was built; {@code local} for this computer
 * @param first whether it was the first of its board there: configured and built from the beginning
 * @param seconds how long it was configured and built; without the worker's word from the result before it, or from the board's start, to its result
 * @param sharing boards that the machine was building meanwhile, this one included: the harmonic mean over the time that it took
 * @param at when it ended, in seconds since 1970
 * @param threads CPU threads that the machine's builds share; 0: not known
 * @param configureS how long it was configured, in seconds; 0: it was not, or nobody said
 * @param cpuS seconds of CPU that its programs took; 0: nobody said
 */
public record Build(
        String board,
        String arch,
        String commit,
        String machine,
        boolean first,
        double seconds,
        double sharing,
        long at,
        int threads,
        double configureS,
        double cpuS) {
    /** Checks the parts. */
    public Build {
        requireNonNull(board, "board");
        requireNonNull(arch, "arch");
        requireNonNull(commit, "commit");
        requireNonNull(machine, "machine");
        if (!isTime(seconds)
                || !isTime(configureS)
                || !isTime(cpuS)
                || !(sharing >= 1)
                || Double.isInfinite(sharing)
                || threads < 0) {
            throw new IllegalArgumentException(board + ": " + seconds + " s (" + configureS + " s, " + cpuS
                    + " s of CPU), shared by " + sharing + ", on " + threads + " threads");
        }
    }

    /** A cell of which only the time is known. */
    public Build(
            String board,
            String arch,
            String commit,
            String machine,
            boolean first,
            double seconds,
            double sharing,
            long at) {
        this(board, arch, commit, machine, first, seconds, sharing, at, 0, 0, 0);
    }

    private static boolean isTime(double seconds) {
        return seconds >= 0 && !Double.isInfinite(seconds);
    }
}
