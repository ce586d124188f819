package dev.buildboss.recipe;

import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The make of trees with Kbuild: arguments that all of them understand, and what its output means. */
final class MakeCommand {

    private MakeCommand() {}

    /**
     * A make that builds apart from the source, unless the output directory is the source's.
     *
     * @param variables what this kind of tree needs besides
     */
    static BuildStep of(BuildTarget target, List<String> variables, List<String> goals) {
        List<String> argv = new ArrayList<>(List.of("make"));
        if (!target.outputName().isEmpty()) {
            argv.add("O=" + target.outputName());
        }
        BuildOptions options = target.options();
        argv.add(options.verboseBuild() ? "V=1" : "-s");
        if (!target.sharedJobs()) {
            argv.addAll(List.of("-j", String.valueOf(target.jobs()))); // in a pool it would leave it
        }
        argv.add("NPROC=" + target.jobs());
        if (options.warningsAsErrors()) {
            argv.addAll(List.of("KCFLAGS=-Werror", "HOSTCFLAGS=-Werror"));
        }
        argv.addAll(variables);
        if (options.reproducibleBuilds()) {
            argv.add("SOURCE_DATE_EPOCH=0");
        }
        argv.addAll(target.makeFlags());
        argv.addAll(goals);
        return new BuildStep(argv, Map.of(), Optional.of(new KconfigLoopWatch()));
    }

    /**
     * Configures: the configuration, what the board and the user add to it, and single changes after that.
     *
     * @param goal makes the configuration, such as {@code sandbox_defconfig}
     * @param settle makes a changed configuration whole without asking anybody
     */
    static List<BuildStep> configure(
            BuildTarget target, boolean clean, List<String> variables, String goal, String settle) {
        List<BuildStep> steps = new ArrayList<>();
        if (clean) {
            steps.add(of(target, variables, List.of("mrproper")));
        }
        BuildChanges changes = target.options().changes();
        List<String> goals = new ArrayList<>(List.of(goal));
        Stream.concat(target.fragments().stream(), changes.fragments().stream())
                .map(MakeCommand::fragment)
                .forEach(goals::add);
        steps.add(of(target, variables, goals));
        if (!changes.adjust().isEmpty()) {
            steps.add(KconfigAdjust.step(target, changes.adjust()));
            steps.add(of(target, variables, List.of(settle)));
        }
        return steps;
    }

    /** Kbuild takes fragments by their file names. */
    private static String fragment(String name) {
        return name.endsWith("_defconfig") || name.endsWith(".config") ? name : name + ".config";
    }

    /** An interrupted make has the code that makes whoever reads it build again. */
    static StepResult judge(StepResult result) {
        return result.stderr().contains("No child processes")
                ? new StepResult(-1, result.stdout(), result.stderr())
                : result;
    }
}
