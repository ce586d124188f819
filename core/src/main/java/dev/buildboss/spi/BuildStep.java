package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import dev.buildboss.exec.OutputWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One command of a recipe.
 *
 * @param argv the program, looked up in the worker's PATH, and its arguments
 * @param environment added to the build's environment
 * @param watch looks at the output of this one run and may end it; empty: nobody does
 * @param directory where it runs; empty: in {@link BuildTarget#sourceDir}
 * @param selfLimiting whether the program looks after its own load and environment: it gets the worker's environment as it is,
 *     no slot of the job pool is held for it, and its texts are kept to the letter, paths included
 */
public record BuildStep(
        List<String> argv,
        Map<String, String> environment,
        Optional<OutputWatch> watch,
        Optional<Path> directory,
        boolean selfLimiting) {
    /** Copies the collections. */
    public BuildStep {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        requireNonNull(watch, "watch");
        requireNonNull(directory, "directory");
    }

    /** A command that runs in the tree, with the driver's environment and limits. */
    public BuildStep(List<String> argv, Map<String, String> environment, Optional<OutputWatch> watch) {
        this(argv, environment, watch, Optional.empty(), false);
    }

    /** A command with nothing special. */
    public static BuildStep of(String... argv) {
        return new BuildStep(List.of(argv), Map.of(), Optional.empty());
    }
}
