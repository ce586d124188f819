package dev.buildboss.jobserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.buildboss.jobserver.JobserverMain.Arguments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobserverMainTest {

    @TempDir
    Path dir = Path.of("");

    private record Ended(int status, String output) {}

    private Ended run(String... args) throws IOException, InterruptedException {
        return run(Map.of(), args);
    }

    private Ended run(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + dir,
                "-cp",
                System.getProperty("java.class.path"),
                JobserverMain.class.getName()));
        argv.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(dir.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void readsItsCommandLine() {
        assertEquals(
                new Arguments(3, Optional.empty(), List.of("make", "-j2")),
                Arguments.parse(List.of("run", "-j", "3", "--", "make", "-j2")));
        assertEquals(
                new Arguments(12, Optional.of(Path.of("/x")), List.of("sh")),
                Arguments.parse(List.of("run", "-j12", "--host", "/x", "sh")));
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("walk"),
                List.of("run"),
                List.of("run", "-j"),
                List.of("run", "-j", "0", "x"),
                List.of("run", "-j5000", "x"),
                List.of("run", "--hots", "x", "y"))) {
            assertThrows(IllegalArgumentException.class, () -> Arguments.parse(wrong), wrong.toString());
        }
    }

    @Test
    @Tag("process")
    void makesOfAScriptShareThePoolAndItsStatusIsTheScripts() throws Exception {
        Files.writeString(dir.resolve("Makefile"), """
                all: $(addprefix job-,1 2 3 4)
                job-%:
                \t@echo start >> log; sleep 0.03; echo end >> log
                """);
        Ended ended = run("run", "-j", "2", "--", "sh", "-c", "make & make -C . & wait; exit 3");
        assertEquals(3, ended.status(), ended.output());
        int running = 0;
        int most = 0;
        for (String line : Files.readAllLines(dir.resolve("log"))) {
            running += line.equals("start") ? 1 : -1;
            most = Math.max(most, running);
        }
        // Each of the script's makes has a slot of its own, as below any make's recipe: two, and the one token.
        assertTrue(most >= 2 && most <= 3, most + " at once");
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(
                    0,
                    left.filter(path -> path.toString().contains("jobserver-")).count());
        }
    }

    @Test
    @Tag("process")
    void asksMakeForItsVersionWithoutTheFlagsOfTheMakeAbove() throws Exception {
        Path make = Files.writeString(dir.resolve("make"), """
                #!/bin/sh
                [ -z "$MAKEFLAGS$MFLAGS$MAKELEVEL" ] || { echo "make: *** invalid --jobserver-auth" >&2; exit 2; }
                echo GNU Make 4.4.1
                """);
        Files.setPosixFilePermissions(make, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> above =
                Map.of("PATH", dir + ":" + System.getenv("PATH"), "MAKEFLAGS", " -k", "MFLAGS", "-k", "MAKELEVEL", "1");

        Ended ended = run(above, "run", "-j2", "--", "sh", "-c", "echo \"$MAKEFLAGS\"");

        assertEquals(0, ended.status(), ended.output());
        assertTrue(ended.output().contains("--jobserver-auth=fifo:"), ended.output());
    }

    @Test
    @Tag("process")
    void aMakeThatDoesNotSayItsVersionIsEndedWithAllBelowIt() throws Exception {
        Path pid = dir.resolve("pid");
        String script = "sleep 86400 & echo $! >" + pid + ".new; mv " + pid + ".new " + pid + "; wait";

        String said = "";
        for (int limitMs = 100; !Files.exists(pid); limitMs *= 2) { // until it has come so far
            said = MakeClient.firstWords(List.of("sh", "-c", script), Duration.ofMillis(limitMs));
        }

        assertEquals("", said);
        long child = Long.parseLong(Files.readString(pid).strip());
        Optional<ProcessHandle> handle = ProcessHandle.of(child);
        while (handle.isPresent() && handle.get().info().command().isPresent()) { // a zombie has none
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    @Tag("process")
    void saysWhatIsWrong() throws Exception {
        assertEquals(new Ended(2, "jobserver: nothing to run (see --help)\n"), run("run", "-j2", "--"));
        Ended none = run("run", "--", "no-such-program");
        assertEquals(127, none.status(), none.output());
        assertTrue(none.output().contains("no-such-program"), none.output());
        Ended killed = run("run", "-j2", "--", "sh", "-c", "kill -9 $$");
        assertEquals(137, killed.status(), killed.output());
    }
}
