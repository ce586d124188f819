package dev.buildboss.jobserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host's pool of which programs are killed with SIGKILL while others wait. */
@Tag("process")
class HostPoolTest {

    private static final int TOKENS = 2;
    private static final long LONG_S = 120;

    @TempDir
    Path dir = Path.of("");

    private final List<Process> started = new ArrayList<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private Path shared = Path.of("");

    @BeforeEach
    void choosePool() {
        shared = dir.resolve("host");
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String what) throws IOException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        shared.toString(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(other);
        return other;
    }

    private static JobServer.Token get(CompletableFuture<JobServer.Token> request) throws Exception {
        return request.get(LONG_S, TimeUnit.SECONDS);
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(LONG_S, TimeUnit.SECONDS));
    }

    private static List<FileChannel> openSlots(Path pool) throws IOException {
        List<FileChannel> slots = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            Path slot = pool.resolve("slot-" + i);
            slots.add(FileChannel.open(slot, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        }
        return slots;
    }

    /** Another program of the host. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) throws Exception {
            Path shared = Path.of(args[0]);
            JobServer pool = JobPools.shared(shared, TOKENS);
            switch (args[1]) {
                case "hold", "hold-for-client" -> {
                    for (int i = 0; i < TOKENS; i++) {
                        pool.acquire();
                    }
                    if (args[1].equals("hold-for-client")) {
                        new ProcessBuilder(pool.command(MakeClient.DESCRIPTORS, List.of("sleep", "1000")))
                                .inheritIO()
                                .start();
                    }
                    System.out.println("holds");
                    System.in.read();
                }
                case "wait" -> {
                    CompletableFuture<JobServer.Token> request = pool.request();
                    System.out.println("waits");
                    request.join();
                    System.out.println("got one");
                    System.in.read();
                }
                case "use" -> use(pool, openSlots(shared));
                default -> throw new IllegalArgumentException(args[1]);
            }
        }

        /** Takes tokens until its input ends, and a lock for each: there are as many locks as tokens. */
        private static void use(JobServer pool, List<FileChannel> slots) throws Exception {
            System.out.println("uses");
            while (System.in.available() == 0) {
                try (JobServer.Token token = pool.acquire()) {
                    FileLock slot = slots.get(0).tryLock();
                    if (slot == null) {
                        slot = slots.get(1).tryLock();
                    }
                    if (slot == null) {
                        System.out.println("more tokens than there are: " + token.value());
                        return;
                    }
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
                    slot.release();
                }
            }
            pool.close();
            System.out.println("well");
        }
    }

    @Test
    void whoWaitsGetsTheTokensOfAProgramThatWasKilled() throws Exception {
        Process holder = start("hold");
        assertEquals("holds", holder.inputReader().readLine());
        try (JobServer pool = JobPools.shared(shared, TOKENS)) {
            CompletableFuture<JobServer.Token> first = pool.request();
            CompletableFuture<JobServer.Token> second = pool.request();
            CompletableFuture<JobServer.Token> third = pool.request();
            assertFalse(first.isDone());
            kill(holder);
            JobServer.Token token = get(first);
            get(second).close();
            token.close();
            get(third).close();
            assertEquals(0, pool.restore());
            assertEquals(TOKENS, pool.free());
        }
    }

    @Test
    void programsThatWaitSideBySideGetTheTokensOfOneThatWasKilled() throws Exception {
        Process holder = start("hold");
        assertEquals("holds", holder.inputReader().readLine());
        Process waiter = start("wait");
        assertEquals("waits", waiter.inputReader().readLine());
        try (JobServer pool = JobPools.shared(shared, TOKENS)) {
            CompletableFuture<JobServer.Token> request = pool.request();
            kill(holder);
            JobServer.Token token = get(request);
            assertEquals("got one", waiter.inputReader().readLine());
            assertEquals(0, pool.free());
            token.close();
            kill(waiter);
            assertEquals(1, pool.restore());
            assertEquals(TOKENS, pool.free());
        }
    }

    @Test
    void whatAKilledProgramStartedKeepsItsTokensToItsEndAndIsNamed() throws Exception {
        Process holder = start("hold-for-client");
        assertEquals("holds", holder.inputReader().readLine());
        ProcessHandle client = holder.children().findFirst().orElseThrow();
        // It is a shell at first, which has the pipe not open yet.
        while (!Files.readString(Path.of("/proc/" + client.pid() + "/comm")).equals("sleep\n")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        try (JobServer pool = JobPools.shared(shared, TOKENS, said::add)) {
            CompletableFuture<JobServer.Token> request = pool.request();
            kill(holder);
            assertEquals(
                    "the job pool " + shared + " lacks " + TOKENS
                            + " slots; they are not put back while sleep (process " + client.pid()
                            + "), which outlived the program that started it, may have them",
                    said.poll(LONG_S, TimeUnit.SECONDS));
            assertFalse(request.isDone());
            assertEquals(0, pool.free());
            client.destroyForcibly();
            get(request).close();
            assertEquals(0, pool.restore());
            assertEquals(TOKENS, pool.free());
            assertTrue(said.isEmpty(), "said once");
        } finally {
            client.destroyForcibly();
        }
    }

    @Test
    void noTokenIsMadeTwiceWhereProgramsAreKilledWhileOthersTakeAndGive() throws Exception {
        try (JobServer pool = JobPools.shared(shared, TOKENS)) {
            List<Process> users = List.of(start("use"), start("use"), start("use"));
            for (Process user : users) {
                assertEquals("uses", user.inputReader().readLine());
            }
            for (int round = 0; round < 2; round++) {
                Process holder = start("hold");
                assertEquals("holds", holder.inputReader().readLine());
                kill(holder);
                pool.acquire().close();
            }
            for (Process user : users) {
                user.outputWriter().append("end").flush();
                assertEquals("well", user.inputReader().readLine());
                assertTrue(user.waitFor(LONG_S, TimeUnit.SECONDS));
            }
            assertEquals(0, pool.restore());
            assertEquals(TOKENS, pool.free());
        }
    }
}
