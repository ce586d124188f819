package dev.buildboss.plan;

import java.time.Duration;

/** Waits that double with each failure in a row, up to a limit (pure). */
public final class Backoff {

    private static final int MAX_DOUBLINGS = 30;

    private Backoff() {}

    /**
     * The wait after so many failures in a row.
     *
     * @param failures 1 or more
     * @param first the wait after the first
     * @param most the longest wait
     */
    public static Duration after(int failures, Duration first, Duration most) {
        int doublings = Math.min(MAX_DOUBLINGS, Math.max(0, failures - 1));
        Duration wait = first.multipliedBy(1L << doublings);
        return wait.compareTo(most) < 0 ? wait : most;
    }
}
