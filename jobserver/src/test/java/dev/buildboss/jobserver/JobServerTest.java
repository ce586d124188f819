package dev.buildboss.jobserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("process")
class JobServerTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path dir = Path.of("");

    private static JobServer.Token take(JobServer pool) throws InterruptedException {
        return pool.tryAcquire(LONG).orElseThrow();
    }

    /** All makes take descriptors; those of 4.4 and later the pipe's name too. */
    static List<MakeClient> waysOfTheMakeHere() throws InterruptedException {
        return MakeClient.installed(Path.of("/pool")) == MakeClient.FIFO
                ? List.of(MakeClient.DESCRIPTORS, MakeClient.FIFO)
                : List.of(MakeClient.DESCRIPTORS);
    }

    private Process start(MakeClient way, JobServer pool, String... make) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(pool.command(way, List.of(make)))
                .directory(dir.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL"));
        return builder.start();
    }

    /** Runs a make to its end as a good caller does: a token first, and back at the end. */
    private void runMake(MakeClient way, JobServer pool, String... make) {
        try (JobServer.Token slot = take(pool)) {
            Process process = start(way, pool, make);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            assertFalse(output.contains("jobserver unavailable"), output);
            assertEquals('+', slot.value());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("waysOfTheMakeHere")
    void neverRunsMoreRecipesThanThereAreTokens(MakeClient way) throws Exception {
        Files.writeString(dir.resolve("Makefile"), """
                all: sub $(addprefix job-,1 2 3 4 5 6)
                sub:
                \t+@$(MAKE) --no-print-directory $(addprefix job-,7 8 9)
                job-%:
                \t@echo start >> log; sleep 0.03; echo end >> log
                """);
        try (JobServer pool = JobServer.create(dir, 3)) {
            List<CompletableFuture<Void>> makes = Stream.generate(
                            () -> CompletableFuture.runAsync(() -> runMake(way, pool, "make", "all")))
                    .limit(4)
                    .toList();
            CompletableFuture.allOf(makes.toArray(CompletableFuture[]::new)).get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertEquals(3, pool.free());
            assertEquals(0, pool.restore());
        }
        int running = 0;
        int most = 0;
        int started = 0;
        for (String line : Files.readAllLines(dir.resolve("log"))) {
            running += line.equals("start") ? 1 : -1;
            started += line.equals("start") ? 1 : 0;
            most = Math.max(most, running);
        }
        assertEquals(36, started);
        assertTrue(most <= 3, most + " recipes at once");
        assertTrue(most >= 2, "the pool was not used");
    }

    @ParameterizedTest
    @MethodSource("waysOfTheMakeHere")
    void restoresTheTokensOfAMakeThatWasKilled(MakeClient way) throws Exception {
        // Recipes hang on a pipe of their own until the test lets them go.
        Files.writeString(
                dir.resolve("Makefile"), "all: $(addprefix job-,1 2 3 4)\njob-%:\n\t@echo started; read line < gate\n");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", dir.resolve("gate").toString())
                        .start()
                        .waitFor());
        try (JobServer pool = JobServer.create(dir, 4);
                RandomAccessFile gate = new RandomAccessFile(dir.resolve("gate").toFile(), "rw")) {
            JobServer.Token slot = take(pool);
            Process make = start(way, pool, "make", "all");
            BufferedReader output = make.inputReader(StandardCharsets.UTF_8);
            for (int i = 0; i < 4; i++) {
                assertEquals("started", output.readLine());
            }
            assertEquals(0, pool.free());
            make.destroyForcibly();
            make.waitFor();
            assertEquals(0, pool.restore(), "a slot of ours is still out: nothing may be counted");
            slot.close();
            assertEquals(1, pool.free());
            gate.writeBytes("\n\n\n\n");
            assertEquals(3, pool.restore());
            assertEquals(4, pool.free());
        }
    }

    @Test
    void carriesAnyArgumentsToTheCommand() throws Exception {
        Path odd = Files.createDirectory(dir.resolve("a b'$(x)\"`y`"));
        try (JobServer pool = JobServer.create(odd, 2)) {
            Process process =
                    start(MakeClient.DESCRIPTORS, pool, "printf", "%s|", "a b", "$HOME", "'\"`;", "", "-j", "\u00e9");
            assertEquals(
                    "a b|$HOME|'\"`;||-j|\u00e9|",
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(
                    7, start(MakeClient.DESCRIPTORS, pool, "sh", "-c", "exit 7").waitFor());
            Process flags = start(MakeClient.DESCRIPTORS, pool, "sh", "-c", "echo \"$MAKEFLAGS\"");
            assertEquals(
                    " -j --jobserver-fds=9,9 --jobserver-auth=9,9\n",
                    new String(flags.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void servesRequestsInOrderAndCountsWhatIsFree() throws Exception {
        try (JobServer pool = JobServer.create(dir, 2)) {
            JobServer.Token first = take(pool);
            JobServer.Token second = take(pool);
            assertEquals(0, pool.free());
            CompletableFuture<JobServer.Token> third = pool.request();
            CompletableFuture<JobServer.Token> fourth = pool.request();
            first.close();
            first.close();
            JobServer.Token got = third.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertFalse(fourth.isDone());
            second.close();
            fourth.get(LONG.toSeconds(), TimeUnit.SECONDS).close();
            got.close();
            assertEquals(2, pool.free());
        }
    }

    @Test
    void givesUpAfterTheTimeAndLosesNoToken() throws Exception {
        try (JobServer pool = JobServer.create(dir, 1)) {
            JobServer.Token only = take(pool);
            assertTrue(pool.tryAcquire(Duration.ofMillis(20)).isEmpty());
            only.close();
            // The read that outlived its request may have the token in hand: restoring waits for it.
            assertEquals(0, pool.restore());
            assertEquals(1, pool.free());
            take(pool).close();
        }
    }

    @Test
    void keepsTheNumberOfTokensUnderTimeoutsAndRestores() throws Exception {
        try (JobServer pool = JobServer.create(dir, 3)) {
            List<CompletableFuture<Void>> users = new ArrayList<>();
            for (int user = 0; user < 8; user++) {
                users.add(CompletableFuture.runAsync(() -> {
                    try {
                        for (int i = 0; i < 300; i++) {
                            pool.tryAcquire(Duration.ofNanos(i % 7 * 20_000L)).ifPresent(JobServer.Token::close);
                            if (i % 10 == 0) {
                                assertEquals(0, pool.restore());
                            }
                        }
                    } catch (InterruptedException | IOException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            CompletableFuture.allOf(users.toArray(CompletableFuture[]::new)).get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertEquals(0, pool.restore());
            assertEquals(3, pool.free());
        }
    }

    @Test
    void stopsWaitingWhenInterrupted() throws Exception {
        try (JobServer pool = JobServer.create(dir, 1)) {
            JobServer.Token only = take(pool);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, pool::acquire);
            only.close();
            assertEquals(0, pool.restore());
            assertEquals(1, pool.free());
        }
    }

    @Test
    void removesItsPipeAndCancelsRequestsAtTheEnd() throws Exception {
        JobServer pool = JobServer.create(dir, 1);
        JobServer.Token only = take(pool);
        CompletableFuture<JobServer.Token> request = pool.request();
        pool.close();
        pool.close();
        assertTrue(request.isCancelled());
        assertTrue(pool.request().isCancelled());
        only.close();
        assertFalse(Files.exists(pool.fifo()));
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void saysWhyThereCanBeNoPool() {
        assertThrows(IOException.class, () -> JobServer.create(dir.resolve("missing"), 1));
        assertThrows(IllegalArgumentException.class, () -> JobServer.create(dir, 0));
        assertThrows(IllegalArgumentException.class, () -> JobServer.create(dir, JobServer.MAX_TOKENS + 1));
    }
}
