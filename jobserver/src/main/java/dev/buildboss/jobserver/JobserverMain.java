package dev.buildboss.jobserver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code jobserver run}: runs a command with a job pool that all makes below it share.
 *
 * <p>Exit status: the command's (128 + n: signal n); 2 for wrong arguments, 126 if there can be no pool, 127 if the command can't
 * be started.
 */
public final class JobserverMain {

    static final String USAGE = """
            Usage: jobserver run [-j N] [--host DIR] [--] COMMAND [ARGUMENT]...
            Runs COMMAND with one pool of N job slots for all makes (and other clients of GNU make's jobserver) below it.
              -j N        jobs at once, COMMAND's own included (default: the CPUs that this process may use)
              --host DIR  share the pool with all on this host that name the same directory
              -h, --help  print this
            Below a make or another jobserver, its pool is joined and no second one made; then -j and --host do nothing.""";

    private static final long END_SECONDS = 2;
    private static final int WRONG_USE = 2;
    private static final int NO_POOL = 126;

    private JobserverMain() {}

    /** Runs the program; see {@link #USAGE}. */
    public static void main(String[] args) {
        Arguments arguments;
        try {
            arguments = Arguments.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            say(e.getMessage() + " (see --help)");
            System.exit(WRONG_USE);
            return;
        }
        if (arguments.command().isEmpty()) {
            System.out.println(USAGE);
            return;
        }
        int status;
        try (JobServer pool = pool(arguments)) {
            status = run(pool, arguments.command());
        } catch (IOException | IllegalArgumentException e) {
            say("no job pool: " + e.getMessage());
            status = NO_POOL;
        } catch (InterruptedException e) {
            status = NO_POOL; // nobody interrupts this thread
        }
        System.exit(status);
    }

    private static JobServer pool(Arguments arguments) throws IOException {
        Optional<JobServer> parent = JobPools.joinParent(System.getenv(), arguments.jobs(), JobserverMain::say);
        if (parent.isPresent()) {
            return parent.get();
        }
        return arguments.host().isPresent()
                ? JobPools.shared(arguments.host().get(), arguments.jobs(), JobserverMain::say)
                : JobPools.create(Path.of(System.getProperty("java.io.tmpdir")), arguments.jobs());
    }

    private static int run(JobServer pool, List<String> command) throws IOException, InterruptedException {
        MakeClient way = MakeClient.installed(pool.fifo());
        JobServer.Token slot = pool.acquire();
        Process process = new ProcessBuilder(way.command(pool.fifo(), command))
                .inheritIO()
                .start();
        Thread end = new Thread(() -> end(process, slot, pool), "jobserver-end");
        Runtime.getRuntime().addShutdownHook(end);
        int status = process.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            end.join(); // a signal: the hook is at it, and the JVM's status stands
            return status;
        }
        slot.close();
        int missing = pool.restore();
        if (missing > 0) {
            say(missing + " of " + pool.size() + " slots did not come back: something was killed, or still runs");
        }
        return status;
    }

    /** A signal came: the command goes first, so that it gives back what it holds. */
    private static void end(Process process, JobServer.Token slot, JobServer pool) {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            slot.close();
            pool.close();
        } catch (InterruptedException | IOException e) {
            process.destroyForcibly();
        }
    }

    private static void say(@Nullable String what) {
        System.err.println("jobserver: " + what);
    }

    /**
     * The command line.
     *
     * @param jobs jobs at once
     * @param host the directory of the host's pool
     * @param command what to run; empty: help is asked for
     */
    record Arguments(int jobs, Optional<Path> host, List<String> command) {

        static Arguments parse(List<String> args) {
            int jobs = Runtime.getRuntime().availableProcessors();
            Optional<Path> host = Optional.empty();
            if (args.equals(List.of("--help")) || args.equals(List.of("-h")) || args.equals(List.of("run", "--help"))) {
                return new Arguments(jobs, host, List.of());
            }
            if (args.isEmpty() || !args.get(0).equals("run")) {
                throw new IllegalArgumentException(
                        args.isEmpty() ? "a command is missing: run" : "unknown command: " + args.get(0));
            }
            int at = 1;
            while (at < args.size()
                    && args.get(at).startsWith("-")
                    && !args.get(at).equals("--")) {
                String option = args.get(at);
                if (option.equals("-h")) {
                    return new Arguments(jobs, host, List.of());
                } else if (option.matches("-j\\d+")) {
                    jobs = number(option.substring(2));
                } else if (option.equals("-j")) {
                    jobs = number(value(args, ++at));
                } else if (option.equals("--host")) {
                    host = Optional.of(Path.of(value(args, ++at)).toAbsolutePath());
                } else {
                    throw new IllegalArgumentException("unknown option: " + option);
                }
                at++;
            }
            at += at < args.size() && args.get(at).equals("--") ? 1 : 0;
            if (at >= args.size()) {
                throw new IllegalArgumentException("nothing to run");
            }
            return new Arguments(jobs, host, args.subList(at, args.size()));
        }

        private static String value(List<String> args, int at) {
            if (at >= args.size()) {
                throw new IllegalArgumentException(args.get(at - 1) + " needs a value");
            }
            return args.get(at);
        }

        private static int number(String text) {
            if (text.matches("\\d{1,4}")) {
                int number = Integer.parseInt(text);
                if (number >= 1 && number <= JobServer.MAX_TOKENS) {
                    return number;
                }
            }
            throw new IllegalArgumentException("-j: not a number from 1 to " + JobServer.MAX_TOKENS + ": " + text);
        }
    }
}
