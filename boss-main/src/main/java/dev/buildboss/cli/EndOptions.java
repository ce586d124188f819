package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** When a build ends early, and who hears of its end. */
final class EndOptions {

    @Option(
            names = "--fail-fast",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "1",
            preprocessor = OnlyAttached.class,
            description = "Stop when N cells have failed (without N: one); what was built is kept.")
    private int failFast;

    /** {@code --fail-fast arm} is one failure of boards that match "arm": only what follows {@code =} is a number. */
    static final class OnlyAttached implements IParameterPreprocessor {
        @Override
        @SuppressWarnings("JdkObsolete") // picocli's own
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> about) {
            if (!"=".equals(about.get("separator"))) {
                arguments.push("1");
            }
            return false;
        }
    }

    @Option(
            names = "--notify",
            paramLabel = "CMD",
            description = {
                "At the end run a command by the shell, with BUILDBOSS_VERDICT, _STATUS, _FAILED, _FAILED_BOARDS and others",
                "in its environment. It does not change the exit status."
            })
    @Nullable
    private String notify;

    @Option(
            names = "--notify-limit",
            paramLabel = "SECONDS",
            description = "The longest that the command of --notify may take (default: ${DEFAULT-VALUE}).")
    private int notifyLimit = 60;

    /** How many cells may fail; 0: however many. */
    int failuresToStop() {
        if (failFast < 0) {
            throw new BuildbossException("--fail-fast=" + failFast + ": must be 1 or more");
        }
        return failFast;
    }

    /** What is to run at the end. */
    Optional<Notifier> notifier(Surroundings around) {
        if (notifyLimit < 1) {
            throw new BuildbossException("--notify-limit " + notifyLimit + ": must be 1 or more");
        }
        return Optional.ofNullable(notify)
                .map(command -> new Notifier(around, command, Duration.ofSeconds(notifyLimit)));
    }
}
