package dev.buildboss.examples;

import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import java.util.ArrayList;
import java.util.List;

/**
 * A recipe of one's own: a tree that is built by {@code make BOARD=<board> O=<directory>} and makes one image, {@code firmware}.
 *
 * <p>Workers find it by {@code META-INF/services/dev.buildboss.spi.BuildRecipe} in a jar of the bundle.
 */
public final class PlainMakeRecipe implements BuildRecipe {

    /** For {@link java.util.ServiceLoader}. */
    public PlainMakeRecipe() {}

    @Override
    public String name() {
        return "plain-make";
    }

    @Override
    public List<BuildStep> build(BuildTarget target) {
        List<String> make = new ArrayList<>(List.of("make", "-s"));
        if (!target.sharedJobs()) { // else make takes its jobs from the worker's pool, which a -j would leave
            make.add("-j" + target.jobs());
        }
        make.addAll(List.of("BOARD=" + target.board(), "O=" + target.outputName()));
        return List.of(BuildStep.of(make.toArray(String[]::new)));
    }

    @Override
    public RecipeOutputs outputs(BuildTarget target) {
        return new RecipeOutputs(List.of("firmware"), List.of(), List.of("firmware"));
    }
}
