package dev.buildboss.boss;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time that a run's predictions count with: milliseconds since the first worker was ready, which is when a fair start begins.
 * Not safe for threads.
 */
final class PoolTime {

    private final LongSupplier nanoTime;
    private boolean begun;
    private long beganNs;

    PoolTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A worker is ready; the first of them counts. */
    void begin() {
        if (!begun) {
            begun = true;
            beganNs = nanoTime.getAsLong();
        }
    }

    /** 0 before the first worker is ready. */
    long nowMs() {
        return begun ? TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - beganNs) : 0;
    }
}
