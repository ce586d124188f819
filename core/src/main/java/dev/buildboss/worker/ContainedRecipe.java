package dev.buildboss.worker;

import dev.buildboss.boards.SourceTree;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import dev.buildboss.spi.StepResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A recipe whose code may come from anybody: each call has a thread of its own and a limit of time, so that one that never returns
 * fails its cell and not the thread that builds boards. Commands have limits of their own.
 */
final class ContainedRecipe implements BuildRecipe {

    private final BuildRecipe recipe;
    private final Duration limit;

    ContainedRecipe(BuildRecipe recipe, Duration limit) {
        this.recipe = recipe;
        this.limit = limit;
    }

    private <T> T call(String what, Callable<T> code) throws IOException {
        FutureTask<T> task = new FutureTask<>(code);
        Thread thread = new Thread(task, "recipe-" + recipe.name());
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new IllegalStateException(
                    "the recipe " + recipe.name() + " did not return from " + what + " within " + limit.toMillis()
                            + " ms (worker.recipe-timeout)",
                    e);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("ended in " + what + " of the recipe " + recipe.name(), e);
        } catch (ExecutionException e) {
            throw thrown(what, e.getCause());
        }
    }

    /** What the recipe's code threw, as it threw it. */
    private RuntimeException thrown(String what, @Nullable Throwable cause) throws IOException {
        if (cause instanceof IOException failure) {
            throw failure;
        } else if (cause instanceof Error error) {
            throw error;
        } else if (cause instanceof RuntimeException failure) {
            return failure;
        }
        return new IllegalStateException(what + " of the recipe " + recipe.name() + " failed", cause);
    }

    /** For calls that throw nothing that must be caught. */
    private <T> T quiet(String what, Callable<T> code) {
        try {
            return call(what, code);
        } catch (IOException e) {
            throw new IllegalStateException(what + " of the recipe " + recipe.name() + " failed: " + e, e);
        }
    }

    @Override
    public String name() {
        return recipe.name();
    }

    @Override
    public List<Board> boards(SourceTree tree, Map<String, String> settings) throws IOException {
        return call("boards", () -> recipe.boards(tree, settings));
    }

    @Override
    public void prepare(BuildTarget target) throws IOException {
        boolean unused = call("prepare", () -> {
            recipe.prepare(target);
            return true;
        });
    }

    @Override
    public List<BuildStep> build(BuildTarget target) {
        return quiet("build", () -> recipe.build(target));
    }

    @Override
    public List<BuildStep> configure(BuildTarget target, boolean clean) {
        return quiet("configure", () -> recipe.configure(target, clean));
    }

    @Override
    public RecipeOutputs outputs(BuildTarget target) {
        return quiet("outputs", () -> recipe.outputs(target));
    }

    @Override
    public boolean reconfigures(BuildTarget target, String changedPath) {
        return quiet("reconfigures", () -> recipe.reconfigures(target, changedPath));
    }

    @Override
    public Optional<String> toolchainArch(BuildTarget target) {
        return quiet("toolchainArch", () -> recipe.toolchainArch(target));
    }

    @Override
    public Optional<String> misconfigured(BuildTarget target) throws IOException {
        return call("misconfigured", () -> recipe.misconfigured(target));
    }

    @Override
    public List<String> unsupported(BuildChanges changes) {
        return quiet("unsupported", () -> recipe.unsupported(changes));
    }

    @Override
    public StepResult judge(BuildTarget target, StepResult result) {
        return quiet("judge", () -> recipe.judge(target, result));
    }

    @Override
    public void collect(BuildTarget target, Collector collector) throws IOException {
        boolean unused = call("collect", () -> {
            recipe.collect(target, collector);
            return true;
        });
    }
}
