package dev.buildboss.report.timeline;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * A run's slices.
 *
 * @param started when the run began
 * @param slices in the order in which they ended
 */
public record Timeline(Instant started, List<Slice> slices) {
    /** Copies the list. */
    public Timeline {
        requireNonNull(started, "started");
        slices = List.copyOf(slices);
    }
}
