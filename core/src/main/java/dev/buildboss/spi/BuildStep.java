package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import dev.buildboss.exec.OutputWatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One command of a recipe.
 *
 * @param argv the program, looked up in the worker's PATH, and its arguments
 * @param environment added to the build's environment
 * @param watch looks at the output of this one run and may end it; empty: nobody does
 */
public record BuildStep(List<String> argv, Map<String, String> environment, Optional<OutputWatch> watch) {
    /** Copies the collections. */
    public BuildStep {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        requireNonNull(watch, "watch");
    }

    /** A command with nothing special. */
    public static BuildStep of(String... argv) {
        return new BuildStep(List.of(argv), Map.of(), Optional.empty());
    }
}
