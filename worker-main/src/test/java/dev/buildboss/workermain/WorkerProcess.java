package dev.buildboss.workermain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.buildboss.spi.WorkerBundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A worker as a process, as {@code bin/worker} starts it, and its boss's end of the three streams.
 *
 * <p>It is the packaged jar where the build names it ({@code buildboss.worker-jar}), else the classes that are at hand. Every line
 * is held against the protocol as it comes, see {@link BaseProtocol}; every wait is bounded.
 */
final class WorkerProcess implements AutoCloseable {
    /** Of each wait; it only decides how late a failure shows. */
    static final long LIMIT_SECONDS = 120;

    private static final String PREFIX = "BM> ";
    private static final String END = "";
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringBuffer stderr = new StringBuffer();
    private final List<Thread> readers = new ArrayList<>();

    /**
     * Starts one.
     *
     * @param directory where it is started
     * @param arguments its own arguments
     */
    WorkerProcess(StubTree tree, Path directory, String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                // A shell's background job ignores SIGINT, and nohup's SIGHUP: the worker would inherit that.
                "env",
                "--default-signal=HUP,INT,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // A worker takes no more threads than there are: two on a computer with one, too.
                "-XX:ActiveProcessorCount=2",
                "-Xmx256m",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Duser.home=" + tree.home(),
                "-Djava.io.tmpdir=" + tree.tmp(),
                "-cp",
                classPath(),
                WorkerBundle.MAIN_CLASS,
                // The same on any machine; and repeated heartbeats would come by the clock.
                "--threads",
                "2",
                "--set",
                "buildboss.worker.heartbeat-interval=10m",
                // What the recordings' machine has is where compilers are fetched to by default, and is for the boss to
                // name.
                "--set",
                "buildboss.fetch.directory=\"~/fetched\""));
        argv.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
        tree.prepare(builder);
        process = builder.start();
        read("stdout", process.inputReader(UTF_8), lines::add);
        read("stderr", process.errorReader(UTF_8), line -> stderr.append(line).append('\n'));
    }

    private static String classPath() {
        String jar = System.getProperty("buildboss.worker-jar", "");
        return jar.isEmpty() ? System.getProperty("java.class.path") : jar;
    }

    private void read(String name, BufferedReader in, java.util.function.Consumer<String> to) {
        Thread thread = new Thread(
                () -> {
                    try (in) {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            to.accept(line);
                        }
                    } catch (IOException | UncheckedIOException e) {
                        // Killed: what came before counts.
                    }
                    to.accept(END);
                },
                name);
        thread.setDaemon(true);
        thread.start();
        readers.add(thread);
    }

    void send(String... commands) throws IOException {
        sendBytes((String.join("\n", commands) + "\n").getBytes(UTF_8));
    }

    void sendBytes(byte[] bytes) throws IOException {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
    }

    /** The next response. */
    JsonNode next() throws InterruptedException, IOException {
        String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(line)
                .as("a line within %d s; stderr: %s", LIMIT_SECONDS, stderr)
                .isNotNull();
        assertThat(line).as("a line of the protocol; stderr: %s", stderr).startsWith(PREFIX + "{");
        JsonNode response = JSON.readTree(line.substring(PREFIX.length()));
        BaseProtocol.check(response);
        return response;
    }

    /** All responses up to one of this kind, and that one, as {@link BaseProtocol#summary} has it. */
    List<String> until(String resp) throws Exception {
        List<String> result = new ArrayList<>();
        JsonNode response;
        do {
            response = next();
            result.add(BaseProtocol.summary(response));
        } while (!response.path("resp").textValue().equals(resp));
        return result;
    }

    /** Asserts that nothing was said beyond what was read, and that nothing will be. */
    void assertSilentEnd() throws InterruptedException {
        assertThat(lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(END);
    }

    /** What has not been read when the output ends. */
    List<JsonNode> rest() throws Exception {
        readers.get(0).join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        List<JsonNode> result = new ArrayList<>();
        while (!END.equals(lines.peek())) {
            result.add(next());
        }
        return result;
    }

    void closeInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Sends it a signal by name. */
    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status, when it has ended and closed its streams. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("the worker ends")
                .isTrue();
        return process.exitValue();
    }

    /** What it wrote there until its end. */
    String stderr() throws InterruptedException {
        readers.get(1).join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        return stderr.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Waits until something is so. */
    static void await(String what, BooleanSupplier condition) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time: %s", what).isLessThan(limit);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Waits until a process is gone, or a zombie that some init process has not reaped yet. */
    static void awaitGone(ProcessHandle child) {
        await("the end of process " + child.pid(), () -> !child.isAlive() || isZombie(child.pid()));
    }

    private static boolean isZombie(long pid) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), "stat"))
                    .contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }
}
