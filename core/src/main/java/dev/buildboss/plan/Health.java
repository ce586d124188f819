package dev.buildboss.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a machine is trusted with boards, by how its last ones went: a circuit breaker (pure).
 *
 * <p>Two boards in a row that it failed (its disk is full, its compilers get killed) stop it for a while; then it gets one board,
 * and all that it can take again once it builds a cell. What it had before it was stopped may fail without counting again: that
 * is the same trouble. A verdict on the source is no failure, whatever it says.
 */
final class Health {

    private static final int BEFORE_PAUSE = 2;

    private final PlanLimits limits;
    private int failures;
    private boolean paused;
    /** For good: its stream of boards ends with that. */
    private boolean givenUp;
    /** The last grant, to anybody, when it was stopped. */
    private long lastBefore;

    Health(PlanLimits limits) {
        this.limits = limits;
    }

    /** It built a cell. */
    void worked() {
        failures = 0;
        lastBefore = 0;
    }

    /**
     * It failed a board.
     *
     * @param grant the board's
     * @param lastGrant the last that went out, to anybody
     * @return how long it is to get none; empty: it goes on
     */
    Optional<Duration> failed(long grant, long lastGrant) {
        if (grant <= lastBefore) {
            return Optional.empty();
        }
        failures++;
        if (failures < BEFORE_PAUSE) {
            return Optional.empty();
        }
        lastBefore = lastGrant;
        givenUp = failures >= limits.maxFailures();
        paused = true;
        return Optional.of(Backoff.after(failures - BEFORE_PAUSE + 1, limits.pause(), limits.maxPause()));
    }

    /** The pause is over. */
    void resume() {
        paused = false;
    }

    int failures() {
        return failures;
    }

    /** Whether it is not asked any more. */
    boolean isGivenUp() {
        return givenUp;
    }

    /** Whether it builds as it should, as far as is known. */
    boolean isWell() {
        return !paused && !givenUp && failures < BEFORE_PAUSE;
    }

    /** Whether it may have one more, with these out. */
    boolean takes(Iterable<Long> out) {
        if (paused || givenUp) {
            return false;
        }
        if (failures >= BEFORE_PAUSE) {
            for (long grant : out) {
                if (grant > lastBefore) {
                    return false; // one at a time, to see how it goes
                }
            }
        }
        return true;
    }
}
