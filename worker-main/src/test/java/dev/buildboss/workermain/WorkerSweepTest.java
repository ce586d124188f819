package dev.buildboss.workermain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Machine;
import dev.buildboss.model.Owner;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.sweep.FoundWorker;
import dev.buildboss.sweep.Staleness;
import dev.buildboss.sweep.WorkerSweep;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real workers, told from what is none, judged, and ended. Only what this test started is ever ended here. */
@Tag("process")
class WorkerSweepTest {

    private static final Staleness STALENESS =
            new Staleness(ThisProcess.host(), Staleness::livesHere, Duration.ofMinutes(10));

    /** Also of what a worker has to end in order: it is waited for no longer than it takes. */
    private static final Duration LIMIT = Duration.ofSeconds(WorkerProcess.LIMIT_SECONDS);

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();
    private final ProcessTransport transport = ProcessTransport.local();
    private Path workDir;
    private WorkerSweep sweep;

    @BeforeEach
    void makeRepository() throws Exception {
        workDir = Files.createDirectory(directory.toRealPath().resolve("work dir"));
        run("git", "init", "-q", workDir.toString());
        MachineLink link = transport.link(Machine.local());
        sweep = new WorkerSweep(Machine.local(), link, LIMIT, LIMIT);
    }

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
        transport.close();
    }

    private static void run(String... argv) throws Exception {
        assertThat(new ProcessBuilder(argv).inheritIO().start().waitFor()).isZero();
    }

    /** A worker in the work directory; gives its first line. */
    private String worker(Owner boss) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:disable",
                        "-Xlog:all=warning:stderr",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerBundle.MAIN_CLASS,
                        "-g",
                        workDir.toString(),
                        "--boss",
                        boss.text())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        BufferedReader out = process.inputReader(UTF_8);
        return String.valueOf(out.readLine());
    }

    private static Owner me() {
        return ThisProcess.owner(Instant.now());
    }

    private static Owner gone() {
        return new Owner("simon", ThisProcess.host(), 4_194_303, Instant.parse("2026-01-31T08:00:00Z"));
    }

    private WorkerSweep.Found look() throws Exception {
        return sweep.look().toCompletableFuture().get(WorkerProcess.LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private Optional<FoundWorker> found(Process process) throws Exception {
        return look().workers().stream()
                .filter(worker -> worker.process() == process.pid())
                .findFirst();
    }

    private WorkerSweep.Ended end(FoundWorker... workers) throws Exception {
        return sweep.end(List.of(workers), false)
                .toCompletableFuture()
                .get(WorkerProcess.LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private void signal(String name, Process process) throws Exception {
        run("kill", "-" + name, String.valueOf(process.pid()));
    }

    @Test
    void tellsASecondBossWhoHasTheWorkDirectory() throws Exception {
        assertThat(worker(me())).startsWith("BM> {\"resp\":\"ready\"");

        assertThat(worker(gone()))
                .isEqualTo("BM> {\"resp\":\"error\",\"msg\":\"BUSY: work directory " + workDir + " is in use by "
                        + found(started.get(0)).orElseThrow().boss().orElseThrow() + "\"}");
        assertThat(started.get(1).waitFor()).isEqualTo(1);
        assertThat(found(started.get(0)).orElseThrow().boss())
                .hasValueSatisfying(boss -> assertThat(boss)
                        .contains("process " + ProcessHandle.current().pid()));
    }

    @Test
    void theWorkDirectoryIsFreeWhenItsWorkerIsKilled() throws Exception {
        worker(me());
        started.get(0).destroyForcibly().waitFor();

        assertThat(worker(me())).startsWith("BM> {\"resp\":\"ready\"");
    }

    @Test
    void aWorkerOfABossThatLivesIsInUse() throws Exception {
        worker(me());

        FoundWorker worker = found(started.get(0)).orElseThrow();

        assertThat(STALENESS.of(worker)).isEmpty();
        assertThat(worker.directory()).isEqualTo(workDir.toString());
        assertThat(worker.own()).isTrue();
        assertThat(worker.renewedSeconds().orElseThrow()).isBetween(-5L, 100L);
    }

    @Test
    void endsAWorkerWhoseBossIsGone() throws Exception {
        worker(gone());
        FoundWorker worker = found(started.get(0)).orElseThrow();
        assertThat(STALENESS.of(worker)).contains("its boss is gone");

        assertThat(end(worker).left()).isEmpty();

        assertThat(started.get(0).waitFor(WorkerProcess.LIMIT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(found(started.get(0))).isEmpty();
    }

    @Test
    void endsAWorkerThatIsStopped() throws Exception {
        worker(me());
        signal("STOP", started.get(0));
        FoundWorker worker = found(started.get(0)).orElseThrow();
        assertThat(STALENESS.of(worker)).contains("it is stopped");

        assertThat(end(worker).left()).isEmpty();

        assertThat(started.get(0).waitFor(WorkerProcess.LIMIT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void findsNothingThatOnlyLooksLikeAWorker() throws Exception {
        Process named = new ProcessBuilder("sh", "-c", "cat; :", WorkerBundle.MAIN_CLASS, "-cp", "x").start();
        Process other = new ProcessBuilder("cat").start();
        started.addAll(List.of(named, other));
        Files.createDirectories(workDir.resolve(".bm-work"));
        Files.writeString(workDir.resolve(".bm-work/worker.lock"), "pid " + other.pid() + "\nstarted 12345\n");

        assertThat(look().workers())
                .noneMatch(worker -> worker.process() == named.pid() || worker.process() == other.pid());
    }

    @Test
    void leavesAProcessAloneThatHasTheIdOfAWorkerOfOld() throws Exception {
        worker(gone());
        FoundWorker worker = found(started.get(0)).orElseThrow();
        Process other = new ProcessBuilder("cat").start();
        started.add(other);

        FoundWorker old = new FoundWorker(
                other.pid(),
                worker.started() - 1,
                worker.parent(),
                worker.startedBy(),
                "S",
                worker.directory(),
                true,
                worker.boss(),
                worker.renewedSeconds());

        assertThat(end(old).left()).isEmpty();
        assertThat(other.isAlive()).isTrue();
        assertThat(started.get(0).isAlive()).isTrue();
    }
}
