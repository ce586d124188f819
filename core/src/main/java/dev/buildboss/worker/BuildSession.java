package dev.buildboss.worker;

import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.protocol.Feature;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.toolchain.Toolchains;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * All that the build threads of one {@code build_prepare} or {@code build_boards} share.
 *
 * @param commits what is built, in order; empty: the source as it stands
 * @param options how
 * @param features the extensions that the boss named
 * @param recipe the recipe
 * @param recipeSettings the recipe's own settings
 * @param toolchains the compilers
 * @param jobs how many jobs each make gets where there is no pool
 * @param slots what makes run on: the worker's job pool, or none
 * @param followed whose output goes to the boss as it comes
 * @param active boards being built now
 * @param workDir the work directory
 * @param worktrees its worktrees
 * @param changes what differs between commits
 * @param runner runs the commands
 * @param limits the worker's limits
 * @param chunk the largest piece of a file in one message, in bytes
 * @param sink where results go
 */
record BuildSession(
        List<String> commits,
        BuildOptions options,
        Set<Feature> features,
        BuildRecipe recipe,
        Map<String, String> recipeSettings,
        Toolchains toolchains,
        JobsRule jobs,
        JobSlots slots,
        FollowedBoards followed,
        AtomicInteger active,
        WorkDir workDir,
        Worktrees worktrees,
        ChangedPaths changes,
        ProcessRunner runner,
        Settings.Worker limits,
        int chunk,
        ResponseSink sink) {

    private static final Pattern UNSAFE = Pattern.compile("^\\.|[^A-Za-z0-9_.+-]");

    /** Where {@code worker.keep-logs} keeps the whole output of a cell's build; empty: it does not. */
    Optional<Path> logFile(String board, int cell) {
        String name = UNSAFE.matcher(board).replaceAll("_") + "-" + (cell + 1) + ".log";
        return limits.keepLogs() ? Optional.of(workDir.logs().resolve(name)) : Optional.empty();
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Whether the tree is built where and as it stands, without a worktree. */
    boolean isCurrentSource() {
        return commits.isEmpty();
    }

    /** Whether each commit is checked out in a worktree; else the tree is built as it stands, here or in the user's own place. */
    boolean checksOut() {
        return !isCurrentSource()
                && options.changes()
                        .place()
                        .flatMap(BuildChanges.BuildPlace::source)
                        .isEmpty();
    }

    /** Cells of each board: the source as it stands counts as one commit. */
    int cells() {
        return Math.max(1, commits.size());
    }
}
