package dev.buildboss.worker;

import static java.util.Objects.requireNonNull;

import dev.buildboss.settings.Settings;
import dev.buildboss.spi.BuildRecipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a worker is set up.
 *
 * @param directory its work directory; it need not be one yet, as {@code setup} may name another
 * @param repository the git directory to add worktrees to; empty: the work directory's own
 * @param threads CPU threads that it may use, at least 1
 * @param settings its limits and where its compilers are
 * @param recipes what it can build
 * @param debug whether it writes {@code W: …} lines to stderr
 * @param version its version, for messages
 * @param boss whom it works for, as its lock tells others; empty: not known
 */
public record WorkerConfig(
        Path directory,
        Optional<Path> repository,
        int threads,
        Settings settings,
        List<BuildRecipe> recipes,
        boolean debug,
        String version,
        Optional<String> boss) {
    /** Copies the list. */
    public WorkerConfig {
        directory = directory.toAbsolutePath().normalize();
        requireNonNull(repository, "repository");
        requireNonNull(settings, "settings");
        recipes = List.copyOf(recipes);
        requireNonNull(version, "version");
        requireNonNull(boss, "boss");
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads);
        }
    }

    /** For a boss that does not say who it is. */
    public WorkerConfig(
            Path directory,
            Optional<Path> repository,
            int threads,
            Settings settings,
            List<BuildRecipe> recipes,
            boolean debug,
            String version) {
        this(directory, repository, threads, settings, recipes, debug, version, Optional.empty());
    }

    /** CPU threads that this process may use (its cgroup's and affinity's limits counted), capped by the settings. */
    public static int usableThreads(Settings settings) {
        int available = Runtime.getRuntime().availableProcessors();
        int cap = settings.worker().threads();
        return cap > 0 ? Math.min(cap, available) : available;
    }
}
