package dev.buildboss.report;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * Which commits are wanted.
 *
 * @param branch a branch, whose commits since its upstream are meant with the upstream's first; or a range {@code A..B}; or,
 *     with a count, any revision
 * @param count the top so many commits
 * @param step every so many-th commit; 0: the first and the last only
 */
public record SeriesRequest(String branch, OptionalInt count, int step) {
    /** Refuses numbers that mean nothing. */
    public SeriesRequest {
        requireNonNull(branch, "branch");
        requireNonNull(count, "count");
        if (count.isPresent() && count.getAsInt() < 1) {
            throw new IllegalArgumentException("a count of " + count.getAsInt() + " commits");
        }
        if (step < 0) {
            throw new IllegalArgumentException("a step of " + step + " commits");
        }
    }

    /** All commits of a branch since its upstream. */
    public static SeriesRequest branch(String name) {
        return new SeriesRequest(name, OptionalInt.empty(), 1);
    }
}
