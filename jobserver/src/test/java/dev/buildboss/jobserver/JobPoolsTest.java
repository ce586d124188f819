package dev.buildboss.jobserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.buildboss.jobserver.JobServer.Watchers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools that others have a part in: a parent's, a host's, and made-up tokens. */
@Tag("process")
class JobPoolsTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path dir = Path.of("");

    private final List<String> said = new ArrayList<>();

    private static JobServer.Token take(JobServer pool) throws InterruptedException {
        return pool.tryAcquire(LONG).orElseThrow();
    }

    private Optional<JobServer> join(String makeFlags) {
        return JobPools.joinParent(Map.of("MAKEFLAGS", makeFlags), 4, said::add);
    }

    /** Runs {@link Probe} below a make, in a JVM of its own, with that recipe line. */
    private List<String> below(String recipe, String... makeArguments) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java")
                + " -Xshare:auto -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path") + " '"
                + Probe.class.getName().replace("$", "$$") + "'";
        Files.writeString(dir.resolve("Makefile"), "all:\n\t" + recipe.replace("PROBE", java) + "\n");
        List<String> argv = new ArrayList<>(List.of("make", "-s"));
        argv.addAll(List.of(makeArguments));
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(dir.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL"));
        Process make = builder.start();
        List<String> lines = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, make.waitFor(), lines.toString());
        return lines;
    }

    /** Says what it finds above it, and runs a make on what it joined. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] args) throws Exception {
            if (args.length > 0 && args[0].equals("hand-on")) {
                ProcessBuilder child = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Probe.class.getName(),
                                args[1])
                        .inheritIO();
                // A make of 4.4 and later names its pipe: nothing need be done.
                JobPools.handOn(System.getenv())
                        .ifPresent(flags -> child.environment().put("MAKEFLAGS", flags));
                System.out.println("child " + child.start().waitFor());
                return;
            }
            Optional<JobServer> joined = JobPools.joinParent(System.getenv(), 9, System.out::println);
            if (joined.isEmpty()) {
                System.out.println("alone");
                return;
            }
            try (JobServer pool = joined.get()) {
                System.out.println("free " + pool.free());
                JobServer.Token first = pool.acquire();
                System.out.println("free with the implicit slot out " + pool.free());
                Process make = new ProcessBuilder(
                                pool.command(MakeClient.installed(pool.fifo()), List.of("make", "-s", "-f", args[0])))
                        .inheritIO()
                        .start();
                System.out.println("make " + make.waitFor());
                first.close();
                System.out.println("free at the end " + pool.free());
            }
        }
    }

    @Test
    void joinsTheMakeThatStartedItAndItsOwnMakesDoToo() throws Exception {
        Files.writeString(dir.resolve("inner.mk"), "all: a b c\na b c:\n\t@test -n \"$(MAKEFLAGS)\"\n");
        assertEquals(
                List.of("free 3", "free with the implicit slot out 3", "make 0", "free at the end 3"),
                below("+PROBE inner.mk", "-j4"));
    }

    @Test
    void handsItsPlaceOnToAChildThatInheritsNoDescriptors() throws Exception {
        Files.writeString(dir.resolve("inner.mk"), "all: a b c\na b c:\n\t@test -n \"$(MAKEFLAGS)\"\n");
        assertEquals(
                List.of("free 3", "free with the implicit slot out 3", "make 0", "free at the end 3", "child 0"),
                below("+PROBE hand-on inner.mk", "-j4"));
        assertEquals(Optional.empty(), JobPools.handOn(Map.of()));
        assertEquals(Optional.empty(), JobPools.handOn(Map.of("MAKEFLAGS", "-j --jobserver-auth=998,999")));
        assertEquals(
                Optional.empty(),
                JobPools.handOn(Map.of("MAKEFLAGS", "-j --jobserver-auth=fifo:/pool")),
                "fine as it is");
    }

    @Test
    void saysOnceWhyAMakesPoolIsNotOpenAndGoesOnAlone() throws Exception {
        // Descriptors that a make did not hand on are numbers that this JVM may use for other things.
        List<String> lines = below("MAKEFLAGS='-j --jobserver-auth=3,4' PROBE 3<&- 4<&-");
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("the job pool of MAKEFLAGS (3,4) can't be used: "), lines.get(0));
        assertTrue(lines.get(0).endsWith("(put '+' before the command in the Makefile)"), lines.get(0));
        assertEquals("alone", lines.get(1));
    }

    @Test
    void joinsANamedPipeAndLeavesItAsItWas() throws Exception {
        try (JobServer parent = JobPools.create(dir, 2)) {
            JobServer child =
                    join("s -j2 --jobserver-auth=fifo:" + parent.fifo()).orElseThrow();
            List<JobServer.Token> tokens = new ArrayList<>();
            do {
                tokens.add(take(child));
            } while (parent.free() > 0);
            // The first that joins has the slot of this process besides.
            assertTrue(tokens.size() == 2 || tokens.size() == 3, tokens.size() + " tokens");
            assertEquals(0, child.restore());
            child.close();
            assertEquals(2, parent.free());
            tokens.forEach(JobServer.Token::close);
            assertEquals(2, parent.free());
            assertTrue(Files.exists(parent.fifo()));
        }
        assertEquals(List.of(), said);
    }

    @Test
    void isAloneWhereNothingIsNamedOrNothingIsThere() {
        assertEquals(Optional.empty(), join(""));
        assertEquals(Optional.empty(), join("-j4 --jobserver-auth=-2,-2"));
        assertEquals(List.of(), said);
        assertEquals(Optional.empty(), join("-j4 --jobserver-auth=fifo:" + dir.resolve("gone")));
        assertEquals(Optional.empty(), join("-j4 --jobserver-auth=0,1"));
        assertEquals(Optional.empty(), join("-j4 --jobserver-fds=998,999"));
        assertEquals(3, said.size());
        assertTrue(said.get(2).contains("998,999 are not open"), said.get(2));
    }

    @Test
    void theSlotThatAProcessHasGoesFirstAndToWhoWaitsForThePipe() throws Exception {
        try (JobServer parent = JobPools.create(dir, 1)) {
            JobServer child = new JobServer(TokenPipe.open(parent.fifo()), Sharing.PARENT, 2, false, true);
            JobServer.Token implicit = take(child);
            assertEquals(1, parent.free());
            JobServer.Token real = take(child);
            assertEquals(0, parent.free());
            CompletableFuture<JobServer.Token> waits = child.request();
            implicit.close();
            JobServer.Token again = waits.get(LONG.toSeconds(), TimeUnit.SECONDS);
            real.close();
            again.close();
            child.close();
            take(parent).close();
            assertEquals(1, parent.free());
        }
    }

    @Test
    void programsOfAHostShareOnePoolAndWhoIsLastPutsItRight() throws Exception {
        Path shared = dir.resolve("host");
        try (JobServer pool = JobPools.shared(shared, 3)) {
            assertThrows(IOException.class, () -> JobPools.shared(shared, 3));
            assertEquals(3, pool.free());
            JobServer.Token mine = take(pool);
            // Another program takes one and is killed with it.
            assertEquals("free 2\n", other(shared, "take"));
            assertEquals(0, pool.restore(), "in use here");
            assertEquals(1, pool.free());
            mine.close();
            assertEquals(1, pool.restore());
            assertEquals(3, pool.free());
            mine = take(pool);
            assertEquals("free 2\n0\n", other(shared, "count"), "in use here, so not to be counted there");
            mine.close();
        }
        try (JobServer again = JobPools.shared(shared, 3)) {
            assertEquals(3, again.free());
        }
    }

    private static String other(Path shared, String what) throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        shared.toString(),
                        what)
                .redirectErrorStream(true)
                .start();
        String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        other.waitFor();
        return output;
    }

    /** Another program of the host. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) throws Exception {
            JobServer pool = JobPools.shared(Path.of(args[0]), 3);
            System.out.println("free " + pool.free());
            if (args[1].equals("take")) {
                pool.acquire();
                Runtime.getRuntime().halt(137);
            }
            System.out.println(pool.restore());
            pool.close();
        }
    }

    @Test
    void whoBeginsToBeWatchedWhileItWaitsGoesOnToo() throws Exception {
        AtomicInteger count = new AtomicInteger();
        CompletableFuture<Void> comes = new CompletableFuture<>();
        CountDownLatch waits = new CountDownLatch(1);
        Watchers watchers = new Watchers() {
            @Override
            public int count() {
                waits.countDown();
                return count.get();
            }

            @Override
            public CompletableFuture<Void> change() {
                return comes;
            }
        };
        try (JobServer pool = JobPools.create(dir, 1)) {
            JobServer.Token real = take(pool);
            CompletableFuture<JobServer.Token> watched = CompletableFuture.supplyAsync(() -> {
                try {
                    return pool.acquireOrCheat(watchers);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertTrue(waits.await(LONG.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, pool.cheats());
            count.set(1);
            comes.complete(null);
            JobServer.Token cheat = watched.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertTrue(cheat.isCheat());
            cheat.close();
            real.close();
            assertEquals(0, pool.restore());
            assertEquals(1, pool.free());
        }
    }

    @Test
    void whoIsWatchedGoesOnWithAMadeUpTokenThatIsNeverGivenToThePool() throws Exception {
        try (JobServer pool = JobPools.create(dir, 1)) {
            JobServer.Token real = take(pool);
            assertFalse(real.isCheat());
            JobServer.Token cheat = pool.acquireOrCheat(Watchers.always(1));
            assertTrue(cheat.isCheat());
            assertEquals(1, pool.cheats());
            assertEquals(0, pool.restore(), "a made-up token is out: not idle");
            CompletableFuture<JobServer.Token> second = CompletableFuture.supplyAsync(() -> {
                try {
                    return pool.acquireOrCheat(Watchers.always(1));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            cheat.close();
            assertTrue(
                    second.get(LONG.toSeconds(), TimeUnit.SECONDS).isCheat(),
                    "one at a time, and the next when that is over");
            real.close();
            second.join().close();
            assertEquals(0, pool.restore());
            assertEquals(1, pool.free());
            assertEquals(0, pool.cheats());
        }
    }
}
