package dev.buildboss.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class ProcessRunnerTest {
    @TempDir
    Path directory;

    private final ProcessRunner runner = new ProcessRunner(Duration.ofMillis(200));

    @AfterEach
    void close() {
        runner.close();
    }

    private Exec shell(String script, Duration limit, Optional<OutputWatch> watch) {
        return new Exec(
                List.of("sh", "-c", script), directory, Map.of("PATH", Programs.searchPath()), limit, 1000, watch);
    }

    private Execution run(String script) {
        return runner.run(shell(script, Duration.ZERO, Optional.empty()));
    }

    @Test
    void keepsOutputsAndExitCode() {
        Execution done = run("echo out; echo err >&2; exit 7");
        assertThat(done).isEqualTo(new Execution(Execution.End.EXITED, 7, "out\n", "err\n", ""));
    }

    @Test
    void measuresTheCpuTimeOfTheProgramAndOfWhatItWaitedFor() {
        Path usage = directory.resolve("cpu");
        String busy = "i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done; ";
        Exec exec = shell("sh -c '" + busy + "' & " + busy + "wait; exit 3", Duration.ZERO, Optional.empty())
                .measuredBy(usage);

        Execution done = runner.run(exec);
        Execution sleeping =
                runner.run(shell("sleep 0.3", Duration.ZERO, Optional.empty()).measuredBy(usage));

        assertThat(done.code()).isEqualTo(3);
        assertThat(done.cpu().orElseThrow())
                .isGreaterThan(Duration.ofMillis(50))
                .isGreaterThan(sleeping.cpu().orElseThrow());
        assertThat(sleeping.cpu().orElseThrow()).isLessThan(Duration.ofMillis(250));
        assertThat(usage).doesNotExist();
    }

    @Test
    void runsOnWhereTheCpuTimeCantBeMeasured() {
        Exec exec = shell("echo out; exit 3", Duration.ZERO, Optional.empty())
                .measuredBy(directory.resolve("no/such/place"));

        assertThat(runner.run(exec)).isEqualTo(new Execution(Execution.End.EXITED, 3, "out\n", "", ""));
    }

    @Test
    void runsWithNothingOnStandardInput() {
        assertThat(run("cat; echo end").out()).isEqualTo("end\n");
    }

    @Test
    void cutsLongOutputAndKeepsAllOfItInTheFileThatIsAskedFor() {
        Path copy = directory.resolve("whole.log");
        Exec exec = new Exec(
                List.of("sh", "-c", "i=0; while [ $i -lt 1000 ]; do echo line $i; i=$((i+1)); done; echo end >&2"),
                directory,
                Map.of("PATH", Programs.searchPath()),
                Duration.ZERO,
                1000,
                Optional.of(copy),
                Optional.empty());

        Execution done = runner.run(exec);

        assertThat(done.out())
                .startsWith("line 0\n")
                .contains(" bytes cut ...]")
                .endsWith("line 999\n");
        assertThat(copy).content().contains("line 500\n", "line 999\n", "end\n").hasSize(8890 + 4);
    }

    @Test
    void runsOnWhenTheCopyCantBeWritten() {
        Exec exec = new Exec(
                List.of("echo", "out"),
                directory,
                Map.of(),
                Duration.ZERO,
                1000,
                Optional.of(directory.resolve("no/such/place")),
                Optional.empty());

        assertThat(runner.run(exec).out()).isEqualTo("out\n");
    }

    @Test
    void givesTheEnvironmentAndNothingElse() {
        assertThat(run("env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD=").out())
                .isEqualTo("PATH=" + Programs.searchPath() + "\n");
    }

    @Test
    void saysWhatCouldNotBeStarted() {
        Exec exec = new Exec(List.of("no-such-program"), directory, Map.of(), Duration.ZERO, 1000, Optional.empty());
        Execution done = runner.run(exec);
        assertThat(done.end()).isEqualTo(Execution.End.NOT_STARTED);
        assertThat(done.detail()).isEqualTo("no-such-program failed to start: command not found");
    }

    @Test
    void saysWhenAnInterpreterIsMissing() throws IOException {
        Path script = Files.writeString(directory.resolve("make"), "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Execution done = runner.run(
                new Exec(List.of(script.toString()), directory, Map.of(), Duration.ZERO, 1000, Optional.empty()));
        assertThat(done.end()).isEqualTo(Execution.End.NOT_STARTED);
        assertThat(done.detail()).startsWith(script + " failed to start: ");
    }

    @Test
    void endsAProgramAtItsLimitWithAllItsChildren() throws Exception {
        Execution done;
        long limitMs = 300;
        do { // again, if it had not said its child's id by then
            done = runner.run(
                    shell("sleep 86401 & echo $!; sleep 86402", Duration.ofMillis(limitMs), Optional.empty()));
            assertThat(done.end()).isEqualTo(Execution.End.TIMED_OUT);
            assertThat(done.detail()).endsWith("took longer than " + limitMs + " ms");
            limitMs *= 5;
        } while (done.out().isBlank());
        assertGone(Long.parseLong(done.out().strip()));
    }

    @Test
    void endsAProgramThatIgnoresTheFirstSignal() {
        Execution done = runner.run(
                shell("trap '' TERM; while :; do sleep 86403; done", Duration.ofMillis(100), Optional.empty()));
        assertThat(done.end()).isEqualTo(Execution.End.TIMED_OUT);
    }

    @Test
    void killsWhatAProgramLeftHoldingItsOutput() throws Exception {
        Execution done = run("sleep 86404 & echo $!; exit 3");
        assertThat(done.code()).isEqualTo(3);
        assertGone(Long.parseLong(done.out().strip()));
    }

    @Test
    void killsWhatHeldTheOutputAlsoIfNobodyReadItWhenTheProgramEnded() throws Exception {
        OutputWatch slow = piece -> {
            awaitEndOfLeader(Long.parseLong(piece.strip()));
            return Optional.empty();
        };
        Execution done =
                runner.run(shell("sleep 86408 2>/dev/null & echo $!; exit 3", Duration.ZERO, Optional.of(slow)));
        assertThat(done.code()).isEqualTo(3);
        assertGone(Long.parseLong(done.out().strip()));
    }

    @Test
    void whatAProgramLeftIsFoundAlsoIfThatEndedBeforeItsOutputsWereLookedAt() throws Exception {
        Process program = new ProcessBuilder("setsid", "sh", "-c", "sleep 86409 >&2 & echo $!").start();
        long left = Long.parseLong(new String(program.getInputStream().readAllBytes(), UTF_8).strip());
        program.waitFor();

        Leftovers leftovers = Leftovers.of(program.pid());
        assertThat(leftovers.holdOutput()).isTrue();
        leftovers.kill();

        assertGone(left);
        assertThat(leftovers.holdOutput()).isFalse();
    }

    /** Waits until the JVM has taken note of the end of whoever leads a process's group. */
    private static void awaitEndOfLeader(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            Path leader = Path.of("/proc", stat.split(" ")[4]);
            Waits.until("the end of " + leader, () -> !Files.exists(leader));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void endsAProgramWhenItsWatchSaysSo() {
        OutputWatch watch = piece -> piece.contains("again") ? Optional.of("it loops") : Optional.empty();
        Execution done = runner.run(shell("echo again; sleep 86405", Duration.ZERO, Optional.of(watch)));
        assertThat(done.end()).isEqualTo(Execution.End.STOPPED);
        assertThat(done.detail()).endsWith(": it loops");
    }

    @Test
    void killsAllWhenItIsClosedAndStartsNoMore() throws Exception {
        Path pidFile = directory.resolve("pid");
        CompletableFuture<Execution> running =
                CompletableFuture.supplyAsync(() -> run("echo $$ >pid.new; mv pid.new pid; sleep 86406"));
        Waits.until("a pid", () -> Files.exists(pidFile) || running.isDone());
        runner.close();
        assertThat(running.get(Waits.LIMIT_S, TimeUnit.SECONDS).end()).isEqualTo(Execution.End.CLOSED);
        assertGone(Long.parseLong(Files.readString(pidFile).strip()));
        assertThat(run("sleep 86407").end()).isEqualTo(Execution.End.CLOSED);
    }

    /** Gone, or a zombie that some init process has not reaped yet. */
    private static void assertGone(long pid) throws Exception {
        Path stat = Path.of("/proc", String.valueOf(pid), "stat");
        Waits.until("the end of process " + pid, () -> !isAlive(stat));
    }

    private static boolean isAlive(Path stat) throws IOException {
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return false; // gone between opening and reading
            }
            throw e;
        }
    }
}
