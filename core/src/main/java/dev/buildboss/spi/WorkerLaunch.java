package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Owner;
import java.util.Map;
import java.util.Optional;

/**
 * How a worker is to be started.
 *
 * @param bundle the worker's program; it is put on the machine unless it is there
 * @param workDir the directory for clone and worktrees on that machine; empty: the machine's setting
 * @param repository a repository to add the worktrees to, in place of {@code <workDir>/.git} (local builds); empty: none
 * @param debug whether the worker writes {@code W: …} lines to stderr
 * @param settings settings for the worker ({@code buildboss.…} keys to values), passed on its command line
 * @param boss whom it will work for, as the work directory's lock tells others; empty: nobody in particular
 */
public record WorkerLaunch(
        WorkerBundle bundle,
        Optional<String> workDir,
        Optional<String> repository,
        boolean debug,
        Map<String, String> settings,
        Optional<Owner> boss) {
    /** Copies the map. */
    public WorkerLaunch {
        requireNonNull(bundle, "bundle");
        requireNonNull(workDir, "workDir");
        requireNonNull(repository, "repository");
        settings = Map.copyOf(settings);
        requireNonNull(boss, "boss");
    }

    /** For a boss that does not say who it is. */
    public WorkerLaunch(
            WorkerBundle bundle,
            Optional<String> workDir,
            Optional<String> repository,
            boolean debug,
            Map<String, String> settings) {
        this(bundle, workDir, repository, debug, settings, Optional.empty());
    }
}
