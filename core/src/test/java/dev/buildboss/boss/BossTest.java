package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildbossException;
import dev.buildboss.MachineException;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Commit;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.testing.BrokenTransport;
import dev.buildboss.testing.EventRecorder;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A run that parts of Buildboss itself, or a transport, let down: it always ends, with a report that says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BossTest {

    private static final Settings SETTINGS = Settings.of(ConfigFactory.parseString(
            "buildboss.boss { reconnect-delay = 1 ms, max-reconnects = 2, quit-timeout = 1 m }"));

    private final List<BuildEvent> events = new CopyOnWriteArrayList<>();
    private ActorTestKit kit;
    private EventHub hub;
    private ResultStore store;

    @TempDir
    private Path temp;

    @BeforeAll
    void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void clear() {
        events.clear();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void reportsAnInternalErrorWhenThePoolFails() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        FakeFleet fleet = new FakeFleet(kit.system(), machine -> new Both() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        });
        ActorRef<Boss.Command> boss = spawn(report, fleet);
        kit.<Boss.Command>createTestProbe().awaitAssert(() -> {
            assertThat(events).anyMatch(event -> event instanceof BuildEvent.BoardStarted);
            return "";
        });

        Adapter.toClassic(kit.system())
                .actorSelection(boss.path().child("board-pool"))
                .tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);
        assertThat(result.internalErrors()).containsExactly("the board pool failed; see the log");
        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.INTERNAL);
        assertThat(result.outcomes()).hasSize(2);
    }

    @Test
    void reportsAnInternalErrorWhenAProxyFailsAndGivesItsBoardsToOthers() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        // The good machine builds only once the other has failed: it would be through before, now and then.
        FakeFleet good = new FakeFleet(kit.system(), machine -> new Both() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                var unused = CompletableFuture.runAsync(() -> {
                    BossTest.await(closed);
                    super.onBoard(spec);
                });
            }
        });
        spawn(report, new BrokenTransport(good, machine("m1")) {
            @Override
            public void close() {
                closed.countDown();
            }

            @Override
            public CompletionStage<PushReport> push(SourcePush push) {
                throw new IllegalStateException("a bug in a transport");
            }
        });

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);

        assertThat(closed.getCount()).isZero();
        assertThat(result.internalErrors()).contains("the proxy of m1 failed; see the log");
        assertThat(result.outcomes().values()).allMatch(CellOutcome.Built.class::isInstance);
        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.INTERNAL);
    }

    @Test
    void failsTheReportWhenTheBossItselfIsStopped() {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        ActorRef<Boss.Command> boss = spawn(report, new FakeFleet(kit.system(), machine -> new Both() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        }));

        kit.stop(boss);

        assertThat(report).failsWithin(Waits.LIMIT).withThrowableThat().withCauseInstanceOf(BuildbossException.class);
    }

    @Test
    void aTransportThatRefusesAMachineAloudIsAReasonNotAnError() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        FakeFleet good = new FakeFleet(kit.system(), machine -> new Both());
        spawn(report, new BrokenTransport(good, machine("m1")) {
            @Override
            public MachineLink link(Machine machine) {
                if (machine.name().equals("m1")) {
                    throw new MachineException("m1", "ssh config: Match is not supported", null);
                }
                return super.link(machine);
            }
        });

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);

        assertThat(result.internalErrors()).isEmpty();
        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(result.machines().get(0).ended()).isEqualTo("ssh config: Match is not supported");
        assertThat(events)
                .contains(new BuildEvent.MachineChanged(
                        "m1", MachineState.UNAVAILABLE, "ssh config: Match is not supported"));
    }

    @Test
    void triesAMachineAgainThatWasLostAndIsOutOfReachForAWhile() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        AtomicInteger starts = new AtomicInteger();
        FakeFleet fleet = new FakeFleet(kit.system(), machine -> new Both() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                if (starts.get() == 1) {
                    exit(9);
                } else {
                    super.onBoard(spec);
                }
            }
        });
        spawn(report, List.of(machine("m1")), new BrokenTransport(fleet, machine("m1")) {
            @Override
            public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
                return starts.incrementAndGet() == 2
                        ? CompletableFuture.failedFuture(new MachineException("m1", "Connection refused", null))
                        : super.start(launch);
            }
        });

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);

        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(starts).hasValue(3);
    }

    @Test
    void aMachineComesBackWhileWhatStoodForItBeforeIsStillEnding() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        CountDownLatch isBack = new CountDownLatch(1);
        AtomicInteger boards = new AtomicInteger();
        FakeFleet fleet = new FakeFleet(kit.system(), machine -> new Both() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                if (isBack.getCount() == 0) {
                    super.onBoard(spec);
                } else if (boards.incrementAndGet() == 2) {
                    holdUpEndings(isBack);
                    exit(9);
                }
            }
        });
        AtomicInteger starts = new AtomicInteger();
        spawn(report, List.of(machine("m1")), new BrokenTransport(fleet, machine("m1")) {
            @Override
            public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
                if (starts.incrementAndGet() == 2) {
                    isBack.countDown();
                }
                return super.start(launch);
            }
        });

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);

        assertThat(result.internalErrors()).isEmpty();
        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(starts).hasValue(2);
    }

    /** Until then no conversation comes to its end: that is when it leaves those who follow boards. */
    private void holdUpEndings(CountDownLatch until) {
        CountDownLatch held = new CountDownLatch(1);
        var unused = CompletableFuture.runAsync(() -> {
            synchronized (hub.follows()) {
                held.countDown();
                await(until);
            }
        });
        await(held);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Waits.LIMIT_S, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesAtOnceTheBoardsThatNobodyCanBuild() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        spawn(report, new FakeFleet(kit.system(), machine -> new FakeFleet.Worker() {
            @Override
            protected Set<String> archs() {
                return Set.of("arm");
            }
        }));

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);

        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(events).contains(new BuildEvent.Notice("", "no compiler for riscv on m1, m2: not built: two"));
    }

    @Test
    void aBoardThatTakesEveryMachineDownIsPoisonedAndTheRestIsBuilt() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        FakeFleet fleet = new FakeFleet(kit.system(), machine -> new Both() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                if (spec.board().equals("one")) {
                    exit(137);
                } else {
                    super.onBoard(spec);
                }
            }
        });
        spawn(report, List.of(machine("m1"), machine("m2"), machine("m3")), fleet);

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);

        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(result.outcomes().get(new Cell("two", 0))).isInstanceOf(CellOutcome.Built.class);
        NotBuilt poisoned = (NotBuilt) result.outcomes().get(new Cell("one", 0));
        assertThat(poisoned.reason()).isIn(Reason.POISONED, Reason.MACHINE_LOST);
        assertThat(poisoned.detail()).contains("the worker ended with status 137");
    }

    @Test
    void aFullDiskEndsTheRunAndKeepsWhatIsThere() throws Exception {
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        FakeFleet fleet = new FakeFleet(kit.system(), machine -> new Both() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                if (spec.board().equals("two")) {
                    spoilStaging();
                    super.onBoard(spec);
                }
            }
        });
        spawn(report, List.of(machine("m1")), fleet);

        BuildReport result = report.get(Waits.LIMIT_S, TimeUnit.SECONDS);

        assertThat(result.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(result.outcomes().values())
                .allSatisfy(outcome ->
                        assertThat(((NotBuilt) outcome).reason()).isIn(Reason.DISK_FULL, Reason.INFRASTRUCTURE));
        assertThat(events)
                .anyMatch(event -> event instanceof BuildEvent.Notice notice
                        && notice.text().startsWith("results can't be stored in "));
    }

    /** A file in the place of the staging directory: root can write to any full or read-only directory. */
    private void spoilStaging() {
        try {
            Path staging = temp.resolve("out/.bm-work/staging");
            Files.deleteIfExists(staging);
            Files.writeString(staging, "");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ActorRef<Boss.Command> spawn(CompletableFuture<BuildReport> report, WorkerTransport transport) {
        return spawn(report, List.of(machine("m1"), machine("m2")), transport);
    }

    private ActorRef<Boss.Command> spawn(
            CompletableFuture<BuildReport> report, List<Machine> machines, WorkerTransport transport) {
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("one", "arm"), Board.of("two", "riscv")),
                List.of(new Commit("a".repeat(40), "first")),
                temp.resolve("out"));
        store = ResultStore.open(request, 1 << 20);
        hub = new EventHub(Runnable::run, 1000);
        hub.subscribe(new EventRecorder(events::add));
        RunContext run = new RunContext(
                request,
                SETTINGS,
                List.of(transport),
                FakeFleet.bundle(),
                store,
                hub,
                Runnable::run,
                Clock.systemUTC(),
                new ProtocolFlows(SETTINGS.protocol()));
        return kit.spawn(Boss.create(run, machines, Map.of(), report));
    }

    private static Machine machine(String name) {
        return new Machine(name, name, 2, "~/w", Optional.empty(), List.of());
    }

    /** A worker that has compilers for all boards here. */
    private static class Both extends FakeFleet.Worker {
        @Override
        protected Set<String> archs() {
            return Set.of("arm", "riscv");
        }
    }
}
