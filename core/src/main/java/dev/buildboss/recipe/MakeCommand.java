package dev.buildboss.recipe;

import dev.buildboss.model.BuildOptions;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        argv.addAll(List.of("-j", String.valueOf(target.jobs()), "NPROC=" + target.jobs()));
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

    /** An interrupted make has the code that makes whoever reads it build again. */
    static StepResult judge(StepResult result) {
        return result.stderr().contains("No child processes")
                ? new StepResult(-1, result.stdout(), result.stderr())
                : result;
    }
}
