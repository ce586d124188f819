package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.BuildOptions;
import dev.buildboss.toolchain.Toolchain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One board that a recipe is to build.
 *
 * @param board the target name
 * @param arch the architecture as the boss named it; may be empty
 * @param makeFlags further arguments for each command, from the user's settings
 * @param options how to build
 * @param settings the recipe's own settings
 * @param sourceDir the checked-out tree
 * @param outputDir where the build goes; below {@code sourceDir} unless the source is built as it stands
 * @param jobs how many jobs a command may run at once
 * @param toolchain the compiler; empty until it is chosen, or if the recipe needs none
 * @param defconfig the board whose configuration this one begins with: itself, unless it is made of another and of fragments
 * @param fragments what such a board adds to it, in order
 * @param sharedJobs whether the command is a client of a job pool (GNU make's jobserver): a make takes its jobs from there if it
 *     is given no {@code -j}; one that is given {@code -j} leaves the pool, and has one slot of it for all its jobs
 */
public record BuildTarget(
        String board,
        String arch,
        List<String> makeFlags,
        BuildOptions options,
        Map<String, String> settings,
        Path sourceDir,
        Path outputDir,
        int jobs,
        Optional<Toolchain> toolchain,
        String defconfig,
        List<String> fragments,
        boolean sharedJobs) {
    /** Copies the collections. */
    public BuildTarget {
        requireNonNull(board, "board");
        requireNonNull(arch, "arch");
        makeFlags = List.copyOf(makeFlags);
        requireNonNull(options, "options");
        settings = Map.copyOf(settings);
        requireNonNull(sourceDir, "sourceDir");
        requireNonNull(outputDir, "outputDir");
        requireNonNull(toolchain, "toolchain");
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs: " + jobs);
        }
        defconfig = defconfig.isEmpty() ? board : defconfig;
        fragments = List.copyOf(fragments);
    }

    /** A board whose commands share no job pool. */
    public BuildTarget(
            String board,
            String arch,
            List<String> makeFlags,
            BuildOptions options,
            Map<String, String> settings,
            Path sourceDir,
            Path outputDir,
            int jobs,
            Optional<Toolchain> toolchain,
            String defconfig,
            List<String> fragments) {
        this(
                board, arch, makeFlags, options, settings, sourceDir, outputDir, jobs, toolchain, defconfig, fragments,
                false);
    }

    /** A board with a configuration of its own. */
    public BuildTarget(
            String board,
            String arch,
            List<String> makeFlags,
            BuildOptions options,
            Map<String, String> settings,
            Path sourceDir,
            Path outputDir,
            int jobs,
            Optional<Toolchain> toolchain) {
        this(board, arch, makeFlags, options, settings, sourceDir, outputDir, jobs, toolchain, board, List.of());
    }

    /**
     * The output directory as commands are to name it: relative where that is shorter and the same on all machines; empty for a
     * build in the source tree.
     */
    public String outputName() {
        return outputDir.startsWith(sourceDir) ? sourceDir.relativize(outputDir).toString() : outputDir.toString();
    }
}
