package dev.buildboss.simulate;

import java.util.OptionalDouble;

/**
 * A figure by which placement is judged.
 *
 * @param name what it tells
 * @param measured its value
 * @param atMost what it may be at most; empty where it is told and not held
 */
public record PlacementFigure(String name, double measured, OptionalDouble atMost) {

    static PlacementFigure held(String name, double measured, double atMost) {
        return new PlacementFigure(name, measured, OptionalDouble.of(atMost));
    }

    static PlacementFigure told(String name, double measured) {
        return new PlacementFigure(name, measured, OptionalDouble.empty());
    }

    /** Whether it is no more than it may be. */
    public boolean holds() {
        return atMost.isEmpty() || measured <= atMost.getAsDouble();
    }
}
