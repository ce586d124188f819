package dev.buildboss.boss;

import java.time.Clock;

/**
 * The time that a run's predictions count with: milliseconds since the first worker was ready, which is when a fair start begins.
 * Not safe for threads.
 */
final class PoolTime {

    private final Clock clock;
    private boolean begun;
    private long lastMs;
    private long sumMs;

    PoolTime(Clock clock) {
        this.clock = clock;
    }

    /** A worker is ready; the first of them counts. */
    void begin() {
        if (!begun) {
            begun = true;
            lastMs = clock.millis();
        }
    }

    /** 0 before the first worker is ready; a clock that is set back stands still meanwhile. */
    long nowMs() {
        if (begun) {
            long now = clock.millis();
            sumMs += Math.max(0, now - lastMs);
            lastMs = now;
        }
        return sumMs;
    }
}
