package dev.buildboss.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How tests wait for what comes by itself: for long, as a limit only decides how late a failure shows, and leaving the processor alone. */
public final class Waits {

    /** Long enough for a slow host that is busy with something else. */
    public static final Duration LIMIT = Duration.ofMinutes(2);

    /** The same, in seconds. */
    public static final long LIMIT_S = LIMIT.toSeconds();

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Waits() {}

    /** Something that may be so. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it is. */
        boolean holds() throws Exception;
    }

    /** Waits until something is so. */
    public static void until(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time: %s", what).isLessThan(end);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
