package dev.buildboss.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.text.Printable;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.function.LongSupplier;
import picocli.CommandLine;

/** The command line: parses it, runs a command, and turns every end into a line and an exit status. */
final class BossCli {

    private final Surroundings around;
    private final BossCommand root;
    private final CommandLine commandLine;

    BossCli(Surroundings around, Builds builds, Interrupts interrupts, LongSupplier nanoTime) {
        this.around = around;
        this.root = new BossCommand(around, builds, interrupts, nanoTime);
        CommandLine line = new CommandLine(root);
        line.addSubcommand(new BuildCommand(root));
        line.addSubcommand(BuildCommand.plan(root));
        line.addSubcommand(new BitbakeCommand(root));
        line.addSubcommand(new SummaryCommand(root));
        line.addSubcommand(new BlameCommand(root));
        line.addSubcommand(new ReproduceCommand(root));
        line.addSubcommand(new RunsCommand(root));
        line.addSubcommand(new FollowCommand(root));
        line.addSubcommand(new CommandLine(new MachinesCommand(root))
                .addSubcommand(new MachinesCommand.Watch(root))
                .addSubcommand(new MachinesCommand.Doctor(root)));
        line.addSubcommand(new CommandLine(new WorkersCommand())
                .addSubcommand(new WorkersCommand.Show(root))
                .addSubcommand(new WorkersCommand.Kill(root)));
        line.addSubcommand(new CommandLine(new ToolchainsCommand())
                .addSubcommand(new ToolchainsCommand.Show(root))
                .addSubcommand(new ToolchainsCommand.Fetch(root)));
        line.addSubcommand(new CleanCommand(root));
        line.addSubcommand(new BoardsCommand(root));
        line.addSubcommand(new HistoryCommand(root));
        line.addSubcommand(new SimulateCommand(root));
        line.addSubcommand(new DemoCommand(root));
        line.addSubcommand(new CommandLine(new FleetCommand())
                .addSubcommand(new FleetCommand.Up(root))
                .addSubcommand(new FleetCommand.Down(root))
                .addSubcommand(new FleetCommand.Status(root)));
        line.addSubcommand(new CommandLine(new ConfigCommand())
                .addSubcommand(new ConfigCommand.Show(root))
                .addSubcommand(new ConfigCommand.Import(root)));
        line.addSubcommand(new CompletionCommand(root));
        line.setOut(writer(around.out()));
        line.setErr(writer(around.err()));
        line.setUsageHelpAutoWidth(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                around.screen().colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler(this::badArguments);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        this.commandLine = line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, UTF_8), true);
    }

    /** Runs one command line and tells the exit status. */
    int run(String... arguments) {
        return commandLine.execute(arguments);
    }

    /** One line that says what is wrong, what may have been meant, and where help is. */
    private int badArguments(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        around.err().println("boss: " + Printable.line(String.valueOf(failure.getMessage())));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
            String name = command.getCommandSpec().qualifiedName();
            around.err().println("Try '" + name + " --help'.");
        }
        return ExitStatus.USAGE.code();
    }

    private int failed(Exception failure) {
        if (root.debug) {
            failure.printStackTrace(around.err());
        }
        if (failure instanceof BuildbossException) {
            around.err().println("boss: " + Printable.line(String.valueOf(failure.getMessage())));
            return ExitStatus.USAGE.code();
        }
        around.err()
                .println("boss: internal error: " + Printable.line(String.valueOf(failure))
                        + (root.debug ? "" : " (-D shows more)"));
        return ExitStatus.INTERNAL.code();
    }
}
