package dev.buildboss.workermain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.spi.WorkerCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker as a process of its own, with real git and a make that is a script: what a boss sees of it. */
@Tag("process")
class WorkerProgramTest {
    @TempDir
    Path directory;

    private Path workDir;
    private Process worker;
    private BufferedReader out;

    @BeforeEach
    void makeRepository() throws Exception {
        workDir = Files.createDirectory(directory.resolve("work"));
        Files.createDirectory(directory.resolve("bin"));
        run("git", "init", "-q", ".");
        run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "x");
    }

    private void run(String... argv) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(workDir.toFile()).inheritIO();
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        assertThat(builder.start().waitFor()).isZero();
    }

    private void make(String script) throws IOException {
        Path file = directory.resolve("bin/make");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void start(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.buildboss.workermain.WorkerMain"));
        argv.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(directory.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().merge("PATH", directory.resolve("bin") + ":", (path, bin) -> bin + path);
        worker = builder.start();
        out = worker.inputReader(UTF_8);
    }

    @Test
    void theRunThatMakesAClassArchiveLeavesNothingInTheTreeThatItIsCalledIn() throws Exception {
        List<String> argv = new ArrayList<>(WorkerCommand.dumpArchive(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                directory.resolve("worker.jsa").toString()));
        argv.removeIf(
                argument -> argument.startsWith("-XX:ArchiveClassesAtExit")); // from jars only; here are directories
        worker = new ProcessBuilder(argv)
                .directory(workDir.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(worker.waitFor(WorkerProcess.LIMIT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(worker.exitValue()).isZero();
        assertThat(workDir.toFile().list()).containsExactly(".git");
    }

    @AfterEach
    void killWorker() {
        if (worker != null) {
            worker.destroyForcibly();
        }
    }

    private void send(String... lines) throws IOException {
        OutputStream in = worker.getOutputStream();
        in.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
        in.flush();
    }

    private String next() throws IOException {
        String line = out.readLine();
        assertThat(line).as("a line of the worker's").isNotNull().startsWith("BM> {");
        return line.substring(4);
    }

    private String until(String resp) throws IOException {
        String line = next();
        while (!line.startsWith("{\"resp\":\"" + resp + "\"")) {
            line = next();
        }
        return line;
    }

    private int exit() throws InterruptedException {
        assertThat(worker.waitFor(WorkerProcess.LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("the worker ends")
                .isTrue();
        return worker.exitValue();
    }

    @Test
    void answersEveryErrorOfTheTableAndGoesOn() throws Exception {
        start("-g", directory.toString());
        assertThat(next()).startsWith("{\"resp\":\"ready\",\"nthreads\":");
        send(
                "this is not json",
                "[1,2]",
                "{\"cmd\": \"bogus\"}",
                "{}",
                "",
                "{\"cmd\":\"build_board\",\"board\":\"x\",\"arch\":\"arm\"}",
                "{\"cmd\":\"build_board\"}",
                "{\"cmd\":\"build_done\"}",
                "{\"cmd\":\"build_boards\",\"boards\":[],\"commits\":[null]}",
                "{\"cmd\":\"build_prepare\",\"commits\":[\"HEAD\"]}",
                "{\"cmd\":\"build_boards\",\"boards\":[{\"board\":\"x\"}],\"commits\":[null]}",
                "{\"cmd\":\"setup\",\"work_dir\":\"/proc/nope/x\"}");
        assertThat(next()).startsWith("{\"resp\":\"error\",\"msg\":\"invalid JSON: ");
        assertThat(next()).startsWith("{\"resp\":\"error\",\"msg\":\"invalid JSON: ");
        assertThat(next()).isEqualTo("{\"resp\":\"error\",\"msg\":\"unknown command: bogus\"}");
        assertThat(next()).isEqualTo("{\"resp\":\"error\",\"msg\":\"unknown command: \"}");
        assertThat(next()).isEqualTo("{\"resp\":\"error\",\"msg\":\"no builder (send build_prepare first)\"}");
        assertThat(next()).isEqualTo("{\"resp\":\"error\",\"msg\":\"no builder (send build_prepare first)\"}");
        assertThat(next()).isEqualTo("{\"resp\":\"build_done\",\"exceptions\":0}");
        assertThat(next()).isEqualTo("{\"resp\":\"error\",\"msg\":\"no boards specified\"}");
        assertThat(next()).isEqualTo("{\"resp\":\"error\",\"msg\":\"no work directory set up\"}");
        assertThat(next()).isEqualTo("{\"resp\":\"error\",\"msg\":\"no work directory set up\"}");
        assertThat(next()).startsWith("{\"resp\":\"error\",\"msg\":\"cannot make the work directory /proc/nope/x: ");
        send("{\"cmd\":\"quit\"}");
        assertThat(next()).isEqualTo("{\"resp\":\"quit_ack\"}");
        assertThat(out.readLine()).isNull();
        assertThat(exit()).isZero();
    }

    @Test
    void speaksTheBaseProtocolToABossWithoutExtensions() throws Exception {
        make("case \"$*\" in *_defconfig) ;; *) mkdir -p build; echo CONFIG_X=y >build/.config; echo bad >&2; exit 2;;"
                + " esac");
        start("-g", workDir.toString());
        until("ready");
        send("{\"cmd\":\"configure\",\"settings\":{}}");
        assertThat(next()).isEqualTo("{\"resp\":\"configure_done\"}");
        send("{\"cmd\":\"build_prepare\",\"commits\":[\"HEAD\"],\"max_boards\":1}");
        assertThat(next()).isEqualTo("{\"resp\":\"build_started\",\"num_threads\":1}");
        assertThat(next()).isEqualTo("{\"resp\":\"worktree_created\",\"thread\":0}");
        assertThat(next()).isEqualTo("{\"resp\":\"build_prepare_done\"}");
        send("{\"cmd\":\"build_board\",\"board\":\"elm\",\"arch\":\"sandbox\"}");
        assertThat(next()).isEqualTo("{\"resp\":\"heartbeat\",\"board\":\"elm\",\"thread\":0}");
        assertThat(next())
                .startsWith("{\"resp\":\"build_result\",\"board\":\"elm\",\"commit_upto\":0,\"return_code\":2,")
                .contains("\"stderr\":\"bad\\n\"")
                .contains("\"config\":{\".config\":\"CONFIG_X=y\\n\"}")
                .doesNotContain("not_built");
    }

    @Test
    void refusesAWorkDirectoryInUse() throws Exception {
        start("-g", workDir.toString());
        until("ready");
        Process first = worker;
        BufferedReader firstOut = out;
        try {
            start("-g", workDir.toString());
            assertThat(next())
                    .startsWith("{\"resp\":\"error\",\"msg\":\"BUSY: work directory " + workDir + " is in use by ");
            assertThat(exit()).isEqualTo(1);
        } finally {
            first.destroyForcibly();
            firstOut.close();
        }
    }

    @Test
    void leavesNothingBehindWhenItIsKilled() throws Exception {
        long sleeper = startSleepingBuild();
        worker.destroyForcibly();
        assertGone(sleeper);
    }

    @Test
    void leavesNothingBehindWhenItIsTerminated() throws Exception {
        long sleeper = startSleepingBuild();
        worker.destroy();
        assertThat(exit()).isNotZero();
        assertGone(sleeper);
    }

    @Test
    void leavesNothingBehindWhenTheBossIsGone() throws Exception {
        long sleeper = startSleepingBuild();
        worker.getOutputStream().close();
        assertThat(exit()).isEqualTo(1);
        assertGone(sleeper);
    }

    @Test
    void leavesNothingBehindWhenItQuits() throws Exception {
        long sleeper = startSleepingBuild();
        send("{\"cmd\":\"quit\"}");
        assertThat(until("quit_ack")).isEqualTo("{\"resp\":\"quit_ack\"}");
        assertThat(exit()).isZero();
        assertGone(sleeper);
    }

    /** A make whose child sleeps in the background, as a compiler below it would run; returns the child's pid. */
    private long startSleepingBuild() throws Exception {
        Path pid = directory.resolve("pid");
        // Asked for its version it does not hang: the worker would wait for that, and nobody contains what it starts
        // then.
        make("case $* in *--version*) exit ;; esac; sleep 86400 & echo $! >" + pid + ".new; mv " + pid + ".new " + pid
                + "; wait");
        start("-g", workDir.toString());
        until("ready");
        send(
                "{\"cmd\":\"build_prepare\",\"commits\":[\"HEAD\"],\"max_boards\":1}",
                "{\"cmd\":\"build_board\",\"board\":\"elm\",\"arch\":\"sandbox\"}");
        until("heartbeat");
        WorkerProcess.await("a make", () -> Files.exists(pid) || !worker.isAlive());
        assertThat(worker.isAlive()).isTrue();
        return Long.parseLong(Files.readString(pid).strip());
    }

    private static void assertGone(long pid) {
        ProcessHandle.of(pid).ifPresent(WorkerProcess::awaitGone);
    }
}
