package dev.buildboss.testing;

import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import java.util.List;
import java.util.Optional;

/** What there is at the commit in the file {@code script}, run as a script of sh; it leaves nothing to keep. */
public final class ScriptRecipe implements BuildRecipe {

    @Override
    public String name() {
        return "script";
    }

    @Override
    public Optional<String> toolchainArch(BuildTarget target) {
        return Optional.empty();
    }

    @Override
    public List<BuildStep> build(BuildTarget target) {
        return List.of(BuildStep.of("sh", "script"));
    }

    @Override
    public RecipeOutputs outputs(BuildTarget target) {
        return new RecipeOutputs(List.of(), List.of(), List.of());
    }
}
