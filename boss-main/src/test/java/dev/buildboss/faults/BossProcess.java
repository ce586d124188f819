package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A boss as a process of its own, told to write JSON. */
final class BossProcess {

    /** Settings for a computer that is slow, or busy with other tests: what a test is not about does not end by the clock. */
    static final List<String> PATIENT = List.of(
            "--set",
            "ssh.connect-timeout=60 s",
            "--set",
            "probe.connect-timeout=60 s",
            "--set",
            "probe.timeout=2 m",
            "--set",
            "boss.ready-timeout=5 m",
            "--set",
            "boss.quit-timeout=30 s");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Process process;
    private final Path out;
    private final Path err;

    private BossProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts one.
     *
     * @param home its home; the caches are in it
     * @param more variables of its environment
     * @param log where its output goes: two files whose names begin so
     */
    static BossProcess start(Path home, Path directory, Path log, List<String> arguments, Map<String, String> more)
            throws IOException {
        return startProgram(home, directory, log, command(arguments), more);
    }

    /** The same by a shell, which does something before and after; {@code "$@"} is the boss. */
    static BossProcess startInShell(
            Path home, Path directory, Path log, String script, List<String> arguments, Map<String, String> more)
            throws IOException {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        argv.addAll(command(arguments));
        return startProgram(home, directory, log, argv, more);
    }

    private static List<String> command(List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dboss.terminal=false",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.buildboss.cli.BossMain"));
        argv.addAll(arguments);
        return argv;
    }

    private static BossProcess startProgram(
            Path home, Path directory, Path log, List<String> argv, Map<String, String> more) throws IOException {
        Path out = log.resolveSibling(log.getFileName() + ".out");
        Path err = log.resolveSibling(log.getFileName() + ".err");
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name ->
                        name.startsWith("XDG_") || name.startsWith("BUILDBOSS") || name.equals("SSH_AUTH_SOCK"));
        environment.put("HOME", home.toString());
        environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
        environment.putAll(more);
        return new BossProcess(builder.start(), out, err);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** The exit status, once it has ended by itself. */
    int awaitExit() {
        Waits.until("the boss ends", () -> !process.isAlive(), this::words);
        return process.exitValue();
    }

    /** Every whole line of its output as JSON. */
    List<JsonNode> events() {
        try {
            String text = Files.readString(out, UTF_8);
            List<JsonNode> result = new ArrayList<>();
            for (String line :
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
                result.add(MAPPER.readTree(line));
            }
            return result;
        } catch (JsonProcessingException e) {
            throw new AssertionError("a line of the boss's output is not JSON\n" + words(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of one kind, such as {@code cell-done}. */
    List<JsonNode> events(String kind) {
        return events().stream()
                .filter(event -> event.path("event").asText().equals(kind))
                .toList();
    }

    /** Waits for an event of that kind. */
    JsonNode awaitEvent(String kind, Predicate<JsonNode> wanted) {
        return Waits.until(
                "the event " + kind,
                () -> {
                    Optional<JsonNode> found =
                            events(kind).stream().filter(wanted).findFirst();
                    if (found.isEmpty() && !process.isAlive()) {
                        throw new AssertionError("the boss ended before the event " + kind + "\n" + words());
                    }
                    return found;
                },
                this::words);
    }

    /** The report of the run's end. */
    JsonNode report() {
        List<JsonNode> ends = events("run-ended");
        if (ends.size() != 1) {
            throw new AssertionError(ends.size() + " reports\n" + words());
        }
        return ends.get(0).path("report");
    }

    /** What it wrote for people. */
    String errors() {
        try {
            return Files.readString(err, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it wrote, for messages. */
    String words() {
        try {
            return "---- boss " + pid() + (isAlive() ? " (alive)" : " (exit " + process.exitValue() + ")") + "\n"
                    + Files.readString(out, UTF_8) + errors();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
