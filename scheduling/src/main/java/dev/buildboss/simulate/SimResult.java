package dev.buildboss.simulate;

import java.util.List;

/**
 * How a simulated run went.
 *
 * @param makespanS from the start to the last cell's outcome, in seconds
 * @param built cells that were built
 * @param decisions how often the plan was asked
 * @param slowestNs the longest that a decision took, in nanoseconds of real time
 * @param meanNs what one took on average
 * @param wasted core-seconds of work that somebody else's result made useless
 * @param timeline all that was built where, if it was asked for
 */
public record SimResult(
        double makespanS,
        int built,
        long decisions,
        long slowestNs,
        long meanNs,
        double wasted,
        List<Segment> timeline) {
    /** Copies the list. */
    public SimResult {
        timeline = List.copyOf(timeline);
    }
}
