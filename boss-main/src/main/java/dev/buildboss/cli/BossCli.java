package dev.buildboss.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.text.Printable;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.LongSupplier;
import picocli.CommandLine;

/** The command line: parses it, runs a command, and turns every end into a line and an exit status. */
final class BossCli {

    private static final String COMPLETION = "completion";
    /** In the order of the help. */
    private static final List<String> COMMANDS = List.of(
            "build",
            "plan",
            "bitbake",
            "summary",
            "blame",
            "reproduce",
            "runs",
            "follow",
            "machines",
            "workers",
            "toolchains",
            "clean",
            "boards",
            "history",
            "simulate",
            "demo",
            "fleet",
            "config",
            COMPLETION);

    private final Surroundings around;
    private final BossCommand root;

    BossCli(Surroundings around, Builds builds, Interrupts interrupts, LongSupplier nanoTime) {
        this.around = around;
        this.root = new BossCommand(around, builds, interrupts, nanoTime);
    }

    /** A command line that knows these commands; to know one takes a few ms, as its options are found by reflection. */
    private CommandLine commandLine(List<String> commands) {
        CommandLine line = new CommandLine(root);
        commands.forEach(name -> line.addSubcommand(command(name)));
        line.setOut(writer(around.out()));
        line.setErr(writer(around.err()));
        line.setUsageHelpAutoWidth(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                around.screen().colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler(this::badArguments);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        return line;
    }

    private Object command(String name) {
        return switch (name) {
            case "build" -> new BuildCommand(root);
            case "plan" -> BuildCommand.plan(root);
            case "bitbake" -> new BitbakeCommand(root);
            case "summary" -> new SummaryCommand(root);
            case "blame" -> new BlameCommand(root);
            case "reproduce" -> new ReproduceCommand(root);
            case "runs" -> new RunsCommand(root);
            case "follow" -> new FollowCommand(root);
            case "machines" ->
                new CommandLine(new MachinesCommand(root))
                        .addSubcommand(new MachinesCommand.Watch(root))
                        .addSubcommand(new MachinesCommand.Doctor(root));
            case "workers" ->
                new CommandLine(new WorkersCommand())
                        .addSubcommand(new WorkersCommand.Show(root))
                        .addSubcommand(new WorkersCommand.Kill(root));
            case "toolchains" ->
                new CommandLine(new ToolchainsCommand())
                        .addSubcommand(new ToolchainsCommand.Show(root))
                        .addSubcommand(new ToolchainsCommand.Fetch(root));
            case "clean" -> new CleanCommand(root);
            case "boards" -> new BoardsCommand(root);
            case "history" -> new HistoryCommand(root);
            case "simulate" -> new SimulateCommand(root);
            case "demo" -> new DemoCommand(root);
            case "fleet" ->
                new CommandLine(new FleetCommand())
                        .addSubcommand(new FleetCommand.Up(root))
                        .addSubcommand(new FleetCommand.Down(root))
                        .addSubcommand(new FleetCommand.Status(root));
            case "config" ->
                new CommandLine(new ConfigCommand())
                        .addSubcommand(new ConfigCommand.Show(root))
                        .addSubcommand(new ConfigCommand.Import(root));
            case COMPLETION -> new CompletionCommand(root);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, UTF_8), true);
    }

    /** Runs one command line and tells the exit status. */
    int run(String... arguments) {
        // The command that is asked for is most often the first word; else, and for what tells of all, all of them.
        boolean isOne = arguments.length > 0 && COMMANDS.contains(arguments[0]) && !arguments[0].equals(COMPLETION);
        return commandLine(isOne ? List.of(arguments[0]) : COMMANDS).execute(arguments);
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
