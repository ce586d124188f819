package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How the functions and variables of an image changed.
 *
 * @param image as the result's file names it: {@code u-boot}, {@code spl-u-boot-spl}, …
 * @param functions those that changed, by growth, the most first
 */
public record ImageGrowth(String image, List<FunctionGrowth> functions) {
    /** Copies the list. */
    public ImageGrowth {
        requireNonNull(image, "image");
        functions = List.copyOf(functions);
    }

    /**
     * A function's bytes before and after.
     *
     * @param old 0: it is new
     * @param now 0: it is gone
     */
    public record FunctionGrowth(String name, long old, long now) {
        /** By how much it grew. */
        public long delta() {
            return now - old;
        }
    }

    /** How many are new. */
    public long added() {
        return functions.stream().filter(f -> f.old() == 0).count();
    }

    /** How many are gone. */
    public long removed() {
        return functions.stream().filter(f -> f.now() == 0).count();
    }

    /** How many were there and grew. */
    public long grown() {
        return functions.stream().filter(f -> f.old() != 0 && f.delta() > 0).count();
    }

    /** How many are still there and shrank. */
    public long shrunk() {
        return functions.stream().filter(f -> f.now() != 0 && f.delta() < 0).count();
    }

    /** The bytes that came. */
    public long bytesUp() {
        return functions.stream().mapToLong(f -> Math.max(0, f.delta())).sum();
    }

    /** The bytes that went, as a negative number. */
    public long bytesDown() {
        return functions.stream().mapToLong(f -> Math.min(0, f.delta())).sum();
    }
}
