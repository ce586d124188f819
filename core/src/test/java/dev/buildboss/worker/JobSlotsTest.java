package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.exec.Programs;
import dev.buildboss.jobserver.JobPools;
import dev.buildboss.jobserver.JobServer;
import dev.buildboss.jobserver.MakeClient;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class JobSlotsTest {

    @TempDir
    Path directory;

    private final ProcessRunner runner = new ProcessRunner(Duration.ofMillis(300));
    private static final JobServer.Watchers NOBODY = JobServer.Watchers.always(0);

    private JobServer pool;
    private MakeClient way;
    private JobSlots slots;

    @BeforeEach
    void makePool() throws Exception {
        pool = JobPools.create(directory, 3);
        way = MakeClient.installed(pool.fifo());
        slots = JobSlots.of(pool, way);
        Files.writeString(directory.resolve("Makefile"), """
                all: $(addprefix job-,1 2 3 4 5 6)
                job-%:
                	@echo start >> log; sleep 0.03; echo end >> log
                hang: $(addprefix hang-,1 2 3)
                hang-%:
                	@echo hangs; sleep 1000
                flags:
                	@echo "<$(MAKEFLAGS)>"
                """);
    }

    @AfterEach
    void close() {
        runner.close();
        slots.close();
    }

    private Exec make(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("make", "--no-print-directory"));
        argv.addAll(List.of(arguments));
        return new Exec(
                argv, directory, Map.of("PATH", Programs.searchPath()), Duration.ZERO, 10_000, Optional.empty());
    }

    private CompletableFuture<Execution> start(JobSlots on, Exec exec) {
        return CompletableFuture.supplyAsync(() -> on.run(runner, exec, NOBODY));
    }

    private static Exec stopAtThird(Exec exec) {
        int[] seen = new int[1];
        return new Exec(
                exec.argv(),
                exec.directory(),
                exec.environment(),
                exec.limit(),
                exec.maxOutput(),
                Optional.of(piece -> {
                    seen[0] += piece.split("hangs", -1).length - 1;
                    return seen[0] == 3 ? Optional.of("three hang") : Optional.empty();
                }));
    }

    @Test
    void makesOfAllBoardsTogetherRunNoMoreRecipesThanThereAreSlots() throws Exception {
        List<CompletableFuture<Execution>> makes = List.of(
                start(slots, make("all")),
                start(slots, make("all")),
                start(slots, make("all")),
                start(slots, make("all")));
        for (CompletableFuture<Execution> make : makes) {
            Execution done = make.get(Waits.LIMIT_S, TimeUnit.SECONDS);
            assertThat(done.code()).isZero();
            assertThat(done.err()).isEmpty();
        }
        int running = 0;
        int most = 0;
        for (String line : Files.readAllLines(directory.resolve("log"))) {
            running += line.equals("start") ? 1 : -1;
            most = Math.max(most, running);
        }
        assertThat(most).isBetween(2, 3);
        assertThat(pool.free()).isEqualTo(3);
    }

    @Test
    void putsBackWhatAKilledMakeTookAlong() {
        Execution done = slots.run(runner, stopAtThird(make("hang")), NOBODY);
        assertThat(done.end()).isEqualTo(Execution.End.STOPPED);
        assertThat(pool).extracting(JobSlotsTest::free).isEqualTo(3);
    }

    @Test
    void aCommandWithJobsOfItsOwnIsNoClient() {
        Execution done = slots.run(runner, make("-j2", "flags"), NOBODY);
        String auth = way.flags(pool.fifo()).replaceAll(".*(--jobserver-auth=)", "$1");
        assertThat(done.out()).doesNotContain(auth);
        assertThat(done.err()).isEmpty();
        assertThat(slots.run(runner, make("flags"), NOBODY).out()).contains(auth);
    }

    @Test
    void namesTheProgramThatIsMissingAsWithoutAPool() {
        Execution done = slots.run(
                runner,
                new Exec(List.of("no-such"), directory, Map.of(), Duration.ZERO, 1000, Optional.empty()),
                NOBODY);
        assertThat(done.end()).isEqualTo(Execution.End.NOT_STARTED);
        assertThat(done.detail()).isEqualTo("no-such failed to start: command not found");
    }

    /** The parent's pool is not ours to fill: a make that is ended there must give its tokens back itself. */
    @Test
    void endsMakesInOrderWhereOthersShareThePool() throws Exception {
        try (JobServer host = JobPools.shared(directory.resolve("host"), 3);
                JobSlots shared = JobSlots.of(host, way)) {
            assertThat(shared.areShared()).isTrue();
            CompletableFuture<Void> hanging = new CompletableFuture<>();
            Exec exec = make("hang");
            int[] seen = new int[1];
            Exec watched = new Exec(
                    exec.argv(), directory, exec.environment(), exec.limit(), exec.maxOutput(), Optional.of(piece -> {
                        seen[0] += piece.split("hangs", -1).length - 1;
                        if (seen[0] == 3) {
                            hanging.complete(null);
                        }
                        return Optional.empty();
                    }));
            CompletableFuture<Execution> done = start(shared, watched);
            hanging.get(Waits.LIMIT_S, TimeUnit.SECONDS);
            assertThat(host.free()).isZero();
            runner.close();
            assertThat(done.get(Waits.LIMIT_S, TimeUnit.SECONDS).end()).isEqualTo(Execution.End.CLOSED);
            assertThat(host.free()).isEqualTo(3);
        }
    }

    @Test
    void whoWaitsForASlotIsLetGoWhenTheWorkerEnds() throws Exception {
        List<JobServer.Token> all = List.of(pool.acquire(), pool.acquire(), pool.acquire());
        CompletableFuture<Execution> waiting = start(slots, make("all"));
        slots.close();
        assertThat(waiting.get(Waits.LIMIT_S, TimeUnit.SECONDS).end()).isEqualTo(Execution.End.CLOSED);
        all.forEach(JobServer.Token::close);
    }

    @Test
    void whatSomebodyFollowsGoesOnWithoutAToken() throws Exception {
        List<JobServer.Token> all = List.of(pool.acquire(), pool.acquire(), pool.acquire());
        Execution done = slots.run(runner, make("flags"), JobServer.Watchers.always(1));
        assertThat(done.code()).isZero();
        all.forEach(JobServer.Token::close);
        assertThat(pool.restore()).isZero();
        assertThat(pool.free()).isEqualTo(3);
    }

    private static int free(JobServer pool) {
        try {
            return pool.free();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
