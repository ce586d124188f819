package dev.buildboss.plan;

import static java.util.Objects.requireNonNull;

import dev.buildboss.settings.Settings;
import java.time.Duration;

/**
 * How much failure of machines a plan puts up with; the settings of the same names below {@code boss} document each.
 *
 * @param maxAttempts machines that a cell may be lost with
 * @param poisonAfter different machines after which a cell that all were lost with is poisoned
 * @param maxFailures boards in a row that a machine may fail until it gets none any more
 * @param pause how long a machine gets none after the second in a row; doubled with each further one
 * @param maxPause the longest such pause
 */
public record PlanLimits(int maxAttempts, int poisonAfter, int maxFailures, Duration pause, Duration maxPause) {
    /** Checks the numbers. */
    public PlanLimits {
        requireNonNull(pause, "pause");
        requireNonNull(maxPause, "maxPause");
        if (maxAttempts < 1 || poisonAfter < 2 || maxFailures < 1 || pause.isNegative() || maxPause.isNegative()) {
            throw new IllegalArgumentException("limits out of range: maxAttempts " + maxAttempts + ", poisonAfter "
                    + poisonAfter + ", maxFailures " + maxFailures + ", pause " + pause + ", maxPause " + maxPause);
        }
    }

    /** The limits of those settings. */
    public static PlanLimits of(Settings.Boss settings) {
        return new PlanLimits(
                settings.maxAttempts(),
                settings.poisonAfter(),
                settings.maxFailures(),
                settings.reconnectDelay(),
                settings.maxDelay());
    }
}
