package dev.buildboss.workermain;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The worker's command line. Read by hand: the worker ships without the library that the boss reads its own with.
 *
 * @param directory the work directory
 * @param repository the git directory to add worktrees to; empty: the work directory's own
 * @param threads a cap on the CPU threads to use
 * @param settings settings as HOCON lines
 * @param boss whom it works for; empty: not known
 * @param debug whether to write {@code W: …} lines
 * @param warmUp whether to go through a start and end, for the archive of classes
 * @param help whether to print the usage
 */
record Arguments(
        Path directory,
        Optional<Path> repository,
        OptionalInt threads,
        List<String> settings,
        Optional<String> boss,
        boolean debug,
        boolean warmUp,
        boolean help) {

    static final String USAGE = """
            Usage: worker [-g DIR] [-D] [--repo GITDIR] [--threads N] [--boss WHO] [--set KEY=VALUE]...
            Serves the protocol of docs/protocol.md on standard input and output.
              -g, --directory DIR  the work directory (default: the current one)
              -D, --debug          write each build's start and end to stderr
              --repo GITDIR        add worktrees to this repository instead of DIR's own
              --threads N          use at most N CPU threads
              --boss WHO           whom the work directory's lock is to name
              --set KEY=VALUE      a setting, such as buildboss.worker.git-timeout=2m
              --warm-up            start, do a trivial exchange, end (for an archive of classes)
              -h, --help           print this""";

    /** Copies the list. */
    Arguments {
        requireNonNull(directory, "directory");
        settings = List.copyOf(settings);
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException naming the argument that is wrong
     */
    static Arguments parse(String... args) {
        Path directory = Path.of("");
        Optional<Path> repository = Optional.empty();
        OptionalInt threads = OptionalInt.empty();
        List<String> settings = new ArrayList<>();
        Optional<String> boss = Optional.empty();
        boolean debug = false;
        boolean warmUp = false;
        boolean help = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-g", "--directory" -> directory = Path.of(value(args, i++));
                case "--repo" ->
                    repository = Optional.of(Path.of(value(args, i++)).toAbsolutePath());
                case "--threads" -> threads = OptionalInt.of(number(args[i], value(args, i++)));
                case "--boss" -> boss = Optional.of(value(args, i++));
                case "--set" -> settings.add(setting(value(args, i++)));
                case "-D", "--debug" -> debug = true;
                case "--warm-up" -> warmUp = true;
                case "-h", "--help" -> help = true;
                default -> throw new IllegalArgumentException("unknown argument: " + args[i] + " (see --help)");
            }
        }
        return new Arguments(directory, repository, threads, settings, boss, debug, warmUp, help);
    }

    private static String value(String[] args, int index) {
        if (index + 1 >= args.length) {
            throw new IllegalArgumentException(args[index] + " needs a value");
        }
        return args[index + 1];
    }

    private static int number(String name, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(name + ": not a number from 1 on: " + text);
    }

    /** A value that HOCON can read is taken as such (a list, a number); any other is a string. */
    private static String setting(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--set: not KEY=VALUE: " + text);
        }
        String value = text.substring(equals + 1).strip();
        boolean structured = value.startsWith("[") || value.startsWith("{") || value.startsWith("\"");
        return text.substring(0, equals).strip() + " = " + (structured ? value : ConfigUtil.quoteString(value));
    }
}
