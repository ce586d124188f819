package dev.buildboss.git;

import static java.util.Objects.requireNonNull;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The git program: each command has a time limit and a clean environment, never asks, and runs no hooks.
 *
 * <p>{@code GIT_DIR} and its like would send commands to another repository, a hook would run in the middle of a build, and
 * {@code gc} would start a process that outlives the command. Blocks; safe to use from many threads.
 */
public final class GitProgram {
    private static final long MAX_OUTPUT = 32L * 1024 * 1024;
    private static final List<String> HABITS = List.of(
            "-c", "core.hooksPath=/dev/null",
            "-c", "gc.auto=0",
            "-c", "maintenance.auto=false",
            "-c", "core.fsmonitor=false",
            "-c", "advice.detachedHead=false");

    private final ProcessRunner runner;
    private final Duration limit;
    private final Map<String, String> environment;

    /** Git with this limit for commands that do not bring their own. */
    public GitProgram(ProcessRunner runner, Duration limit) {
        this.runner = requireNonNull(runner, "runner");
        this.limit = requireNonNull(limit, "limit");
        this.environment = cleanEnvironment(System.getenv());
    }

    /** Runs a command in a directory, within the usual limit. */
    public GitResult run(Path directory, String... arguments) {
        return run(directory, limit, List.of(arguments));
    }

    /** Runs a command in a directory, within a limit of its own. */
    public GitResult run(Path directory, Duration ownLimit, List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of("git"));
        argv.addAll(HABITS);
        argv.addAll(arguments);
        Execution done = runner.run(new Exec(argv, directory, environment, ownLimit, MAX_OUTPUT, Optional.empty()));
        String out = done.out().stripTrailing();
        if (done.ok()) {
            return new GitResult(true, out, "");
        }
        String said = switch (done.end()) {
            case TIMED_OUT -> "took longer than " + ownLimit.toSeconds() + " s";
            case CLOSED -> "ended, since the worker ends";
            default -> done.trouble();
        };
        return new GitResult(false, out, "git " + String.join(" ", arguments) + ": " + said);
    }

    /**
     * Whether a boss may name this as a commit: a hash, a branch or the like, but nothing that git would read as an option,
     * a range or a path.
     */
    public static boolean isRevision(String text) {
        return text.matches("[A-Za-z0-9_@][A-Za-z0-9_@./~^{}+-]{0,255}") && !text.contains("..");
    }

    private static Map<String, String> cleanEnvironment(Map<String, String> inherited) {
        Map<String, String> result = new HashMap<>(inherited);
        result.keySet().removeIf(name -> name.startsWith("GIT_"));
        result.put("GIT_TERMINAL_PROMPT", "0");
        result.put("LC_ALL", "C");
        return result;
    }
}
