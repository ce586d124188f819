package dev.buildboss.faults;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions; the bound is generous, as it only decides how long a failure takes. */
final class Waits {

    private static final long LIMIT_SECONDS = 240;
    private static final long LONG_LIMIT_SECONDS = 480;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Waits() {}

    /** Waits until the supplier has something; a failure says what was waited for and what {@code state} tells. */
    static <T> T until(String what, Supplier<Optional<T>> found, Supplier<String> state) {
        return until(LIMIT_SECONDS, what, found, state);
    }

    private static <T> T until(long limitSeconds, String what, Supplier<Optional<T>> found, Supplier<String> state) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
        while (true) {
            Optional<T> result = found.get();
            if (result.isPresent()) {
                return result.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limitSeconds + " s: " + what + "\n" + state.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Waits until that is so. */
    static void until(String what, BooleanSupplier condition, Supplier<String> state) {
        String unused = until(what, () -> condition.getAsBoolean() ? Optional.of("") : Optional.empty(), state);
    }

    /** Waits for what takes longer than anything else here. */
    static void longUntil(String what, BooleanSupplier condition, Supplier<String> state) {
        String unused = until(
                LONG_LIMIT_SECONDS, what, () -> condition.getAsBoolean() ? Optional.of("") : Optional.empty(), state);
    }
}
