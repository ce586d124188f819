package dev.buildboss.toolchain;

import static java.util.Objects.requireNonNull;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks compilers who they are, each once.
 *
 * <p>Blocks while it asks; safe to use from many threads.
 */
public final class ToolchainCheck {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MAX_OUTPUT = 4096;

    private final ProcessRunner runner;
    private final Map<Path, Optional<String>> known = new ConcurrentHashMap<>();

    /** A check that has asked nobody yet. */
    public ToolchainCheck(ProcessRunner runner) {
        this.runner = requireNonNull(runner, "runner");
    }

    /** The compiler's version and target ({@code 12.2.0 arm-linux-gnueabi}); empty: it does not work. */
    public Optional<String> identity(Path gcc) {
        return known.computeIfAbsent(gcc, this::ask);
    }

    /** gcc answers several {@code -dump…} options in one run with the last one only, so there are two runs. */
    private Optional<String> ask(Path gcc) {
        Optional<String> version = ask(gcc, "-dumpfullversion");
        Optional<String> target = version.flatMap(v -> ask(gcc, "-dumpmachine"));
        return target.map(t -> version.orElseThrow() + " " + t);
    }

    private Optional<String> ask(Path gcc, String option) {
        Exec exec = new Exec(
                List.of(gcc.toString(), option), Path.of("/"), System.getenv(), LIMIT, MAX_OUTPUT, Optional.empty());
        Execution done = runner.run(exec);
        String line = done.out().strip();
        return done.ok() && !line.isEmpty() ? Optional.of(line) : Optional.empty();
    }
}
