package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.follow.FollowSocket;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss follow}: the log of a board, live from where it is built. */
@Command(
        name = "follow",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Shows what a board's makes are and say, live, from the machine that builds it.",
        description = {
            "",
            "Run it beside a boss build that writes to the same directory. Several boards are shown whole, one after the other, in",
            "the order in which they start. A board that is followed does not wait for a job slot behind others. It ends when the",
            "boards are built. Makes are silent and only warn and complain, unless boss build has -V.",
            ""
        })
final class FollowCommand implements Callable<Integer> {

    @Parameters(paramLabel = "BOARD", arity = "1..*", description = "The boards' names.")
    private List<String> boards = List.of();

    @Option(
            names = {"-o", "--output-dir"},
            paramLabel = "DIR",
            required = true,
            description =
                    "The directory that its results go to, as boss build was given it or with the branch (or current) in it.")
    @Nullable
    private Path output;

    private final BossCommand boss;

    FollowCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        if (output == null) {
            throw new BuildbossException("-o is missing");
        }
        PrintStream out = boss.around.out();
        FollowSocket.follow(boss.around.resolve(output), List.copyOf(new LinkedHashSet<>(boards)), text -> {
            out.print(text);
            out.flush();
        });
        return 0;
    }
}
