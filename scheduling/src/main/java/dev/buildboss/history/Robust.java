package dev.buildboss.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Statistics that a few wild values don't spoil (pure). */
final class Robust {

    /** What makes a median of distances from the middle a standard deviation, for values that are normal. */
    private static final double TO_SIGMA = 1.4826;

    private Robust() {}

    /** The middle of values; NaN if there are none. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** The median, drawn to what is expected without values, as if that were so many values more. */
    static double towards(double expected, double weight, List<Double> values) {
        return values.isEmpty()
                ? expected
                : (median(values) * values.size() + expected * weight) / (values.size() + weight);
    }

    /** The standard deviation of what is left over, by its median size, drawn to what is expected. */
    static double spread(double expected, double weight, List<Double> leftOver) {
        List<Double> sizes =
                leftOver.stream().map(value -> Math.abs(value) * TO_SIGMA).toList();
        return towards(expected, weight, sizes);
    }
}
