package dev.buildboss.toolchain;

import static java.util.Objects.requireNonNull;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.model.Compiler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks compilers who they are, each once, by the script of {@link IdentityScript}: the same words are hashed here and on machines
 * that run nothing but a shell.
 *
 * <p>What is hashed: all that {@code gcc -v}, {@code gcc -dumpmachine} and {@code gcc -dumpspecs} say, as that tells how the compiler
 * was configured, which patches of a distribution it has, and what it passes to its own parts; that makes code differ where version
 * and name are the same. What is left out: the lines with the place of the program and its LTO wrapper, the place of its sources,
 * and its prefix, both the one that it was configured with and the one where it is now, as the same archive unpacked in two homes is
 * one compiler.
 *
 * <p>Blocks while it asks; safe to use from many threads.
 */
public final class ToolchainCheck {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MAX_OUTPUT = 4096;

    private final ProcessRunner runner;
    private final Map<Path, Optional<Compiler>> known = new ConcurrentHashMap<>();

    /** A check that has asked nobody yet. */
    public ToolchainCheck(ProcessRunner runner) {
        this.runner = requireNonNull(runner, "runner");
    }

    /** What the compiler is; empty: it does not work. */
    public Optional<Compiler> identity(Path gcc) {
        return known.computeIfAbsent(gcc, this::ask);
    }

    private Optional<Compiler> ask(Path gcc) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("LC_ALL", "C");
        Exec exec = new Exec(
                List.of("sh", "-c", IdentityScript.text() + "\nidentity \"$1\"", "sh", gcc.toString()),
                Path.of("/"),
                environment,
                LIMIT,
                MAX_OUTPUT,
                Optional.empty());
        Execution done = runner.run(exec);
        return done.ok() ? IdentityScript.parse(gcc.toString(), firstLine(done.out())) : Optional.empty();
    }

    /** Not stripped: on a machine without any program that hashes, the last field is empty. */
    private static String firstLine(String output) {
        return output.lines().findFirst().orElse("");
    }
}
