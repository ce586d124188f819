package dev.buildboss.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code boss completion}: a script that makes the shell complete commands and options. */
@Command(
        name = "completion",
        exitCodeOnInvalidInput = 1,
        header = "Prints a script that makes bash or zsh complete boss's commands and options.",
        description = {"", "  source <(boss completion)      for this shell; put the line into ~/.bashrc for all", ""})
final class CompletionCommand implements Callable<Integer> {

    @Spec
    @Nullable
    private CommandSpec spec;

    private final BossCommand boss;

    CompletionCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec);
        boss.around.out().println(AutoComplete.bash("boss", own.root().commandLine()));
        return 0;
    }
}
