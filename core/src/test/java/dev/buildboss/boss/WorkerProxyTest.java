package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.PlanLimits;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.EventRecorder;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One connection, from the first look to the last word; time passes only where a test says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerProxyTest {

    /** Time is moved on by hours here, in which no worker can answer pings: {@link LifeSignsTest} has those. */
    private static final Settings SETTINGS = Settings.of(
            ConfigFactory.parseString("buildboss { worker.heartbeat-interval = 12 h, boss.board-limit = 40 h }"));

    private static final Machine MACHINE = new Machine("m1", "host", 2, "~/w", Optional.empty(), List.of());

    private ActorTestKit kit;
    private ManualTime time;
    private TestProbe<Boss.Command> boss;
    private ResultStore store;
    private RunContext run;
    private final List<BuildEvent> events = new CopyOnWriteArrayList<>();

    @TempDir
    private Path temp;

    @BeforeAll
    void start() {
        kit = ActorTestKit.create(ManualTime.config());
        time = ManualTime.get(kit.system());
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void openStore() {
        boss = kit.createTestProbe();
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("one", "arm"), Board.of("two", "arm")),
                List.of(new Commit("a".repeat(40), "first"), new Commit("b".repeat(40), "second")),
                temp.resolve("out"));
        store = ResultStore.open(request, 1 << 20);
        EventHub hub = new EventHub(Runnable::run, 100);
        events.clear();
        hub.subscribe(new EventRecorder(events::add));
        run = new RunContext(
                request,
                SETTINGS,
                List.of(),
                FakeFleet.bundle(),
                store,
                hub,
                Runnable::run,
                Clock.systemUTC(),
                new ProtocolFlows(SETTINGS.protocol()));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void buildsWhatThePoolHasAndEndsInOrder() throws Exception {
        FakeFleet.Worker worker = new FakeFleet.Worker();
        ActorRef<WorkerProxy.Command> proxy = connect(worker);

        Boss.MachineEnded ended = lastWords(Duration.ZERO);
        boss.expectTerminated(proxy, Waits.LIMIT); // only then its log is closed, and whole

        assertThat(ended.how()).isEqualTo(Boss.End.FINISHED);
        assertThat(ended.reason()).isEqualTo("finished");
        assertThat(ended.built()).isTrue();
        assertThat(store.previous()).hasSize(4);
        assertThat(worker.received().get(0)).isInstanceOf(Command.Configure.class);
        assertThat(worker.received().get(1)).isInstanceOf(Command.BuildPrepare.class);
        assertThat(worker.received().subList(4, 6)).containsExactly(new Command.BuildDone(), new Command.Quit());
        String log = Files.readString(temp.resolve("out/worker-m1.log"));
        assertThat(log).contains(" << BM> {\"resp\":\"ready\"").contains(" >> {\"cmd\":\"quit\"}");
    }

    @Test
    void givesAWorkerUpThatNeverSaysReady() {
        connect(new FakeFleet.Worker() {
            @Override
            protected void greet() {
                raw(ByteString.fromString("Welcome to Debian\n"));
            }
        });

        Boss.MachineEnded ended = lastWords(SETTINGS.boss().readyTimeout());

        assertThat(ended.how()).isEqualTo(Boss.End.LOST);
        assertThat(ended.reason()).isEqualTo("no answer: `ready` after the worker's start");
    }

    @Test
    void aRefusalInPlaceOfReadyIsTheReasonWhyTheMachineIsNotUsed() {
        connect(new FakeFleet.Worker() {
            @Override
            protected void greet() {
                say(new Response.Refusal("work directory /w is in use by process 7"));
            }
        });

        Boss.MachineEnded ended = lastWords(Duration.ZERO);

        assertThat(ended.how()).isEqualTo(Boss.End.UNAVAILABLE);
        assertThat(ended.reason()).isEqualTo("work directory /w is in use by process 7");
    }

    @Test
    void givesAWorkerUpThatDoesNotConfigureOrPrepare() {
        connectAndAwait(silentAfter(Command.Configure.class), 1);
        assertThat(lastWords(SETTINGS.boss().setupTimeout()).reason()).isEqualTo("no answer: `configure_done`");

        connectAndAwait(silentAfter(Command.BuildPrepare.class), 2);
        assertThat(lastWords(SETTINGS.boss().setupTimeout()).reason()).isEqualTo("no answer: `build_prepare_done`");
    }

    @Test
    void worktreesAreSignsOfLifeWhilePreparing() {
        FakeFleet.Worker worker = silentAfter(Command.BuildPrepare.class);
        connectAndAwait(worker, 2);
        Duration most = SETTINGS.boss().setupTimeout().minusSeconds(1);
        time.timePasses(most);
        sayAndWait(worker);

        time.timePasses(most);

        boss.expectNoMessage(Duration.ofMillis(100));
        assertThat(lastWords(Duration.ofSeconds(2)).reason()).isEqualTo("no answer: `build_prepare_done`");
    }

    @Test
    void heartbeatsKeepABoardAndSilenceLosesItWithinThreeOfThem() {
        Duration limit = SETTINGS.worker().heartbeatInterval().multipliedBy(3);

        losesASilentWorkerWithin(limit, new FakeFleet.Worker() {
            @Override
            protected Set<Feature> features() {
                return EnumSet.complementOf(EnumSet.of(Feature.PING)); // what it says of its boards is all there is
            }

            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        });
    }

    @Test
    void aWorkerThatDoesNotRepeatItsHeartbeatMayBeSilentForAsLongAsABoardTakes() {
        losesASilentWorkerWithin(SETTINGS.boss().boardLimit(), new FakeFleet.Worker() {
            @Override
            protected Set<Feature> features() {
                return Set.of();
            }

            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        });
    }

    private void losesASilentWorkerWithin(Duration limit, FakeFleet.Worker worker) {
        connectAndAwait(worker, 4);
        Duration most = OpenBoards.patience(limit).minusSeconds(1);
        time.timePasses(most);
        worker.say(new Response.Heartbeat("one", 0));
        worker.say(new Response.Heartbeat("two", 1));
        worker.say(new Response.Heartbeat("three", 1));
        sayAndWait(worker);
        time.timePasses(most);
        boss.expectNoMessage(Duration.ofMillis(100));

        Boss.MachineEnded ended = lastWords(OpenBoards.interval(limit));

        assertThat(most.plusSeconds(1).plus(OpenBoards.interval(limit))).isEqualTo(limit);
        assertThat(ended.how()).isEqualTo(Boss.End.LOST);
        assertThat(ended.reason()).startsWith("no answer: no sign of life about board");
    }

    @Test
    void sendsNoMoreBoardsAtOnceThanTheWorkerHasSpaceFor() {
        FakeFleet.Worker worker = new FakeFleet.Worker() {
            @Override
            protected void onCommand(Command command) {
                if (command instanceof Command.BuildPrepare) {
                    note(command);
                    say(new Response.BuildStarted(1));
                    say(new Response.BuildPrepareDone());
                } else {
                    super.onCommand(command);
                }
            }

            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        };
        connectAndAwait(worker, 3);
        boss.expectNoMessage(Duration.ofMillis(100));
        assertThat(worker.received()).hasSize(3);

        worker.say(FakeFleet.Worker.resultOf("one", 0, 0, ""));
        worker.say(FakeFleet.Worker.resultOf("one", 1, 0, ""));

        boss.awaitAssert(() -> {
            assertThat(worker.received()).hasSize(4);
            return "";
        });
    }

    @Test
    void endsAWorkerByForceThatDoesNotQuit() {
        connectAndAwait(silentAfter(Command.Quit.class), 6);

        Boss.MachineEnded ended = lastWords(SETTINGS.boss().quitTimeout());

        assertThat(ended.how()).isEqualTo(Boss.End.FINISHED);
        assertThat(ended.reason()).startsWith("ended by force");
        assertThat(store.previous()).hasSize(4);
    }

    @Test
    void anErrorWhileBuildingLosesTheWorkerWithItsWords() {
        connect(new FakeFleet.Worker() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                say(new Response.Refusal("no builder (send build_prepare first)"));
            }
        });

        Boss.MachineEnded ended = lastWords(Duration.ZERO);

        assertThat(ended.how()).isEqualTo(Boss.End.LOST);
        assertThat(ended.reason()).isEqualTo("the worker says: no builder (send build_prepare first)");
    }

    @Test
    void aWorkerWithoutFeaturesGetsTheBaseProtocolAndItsTextsAreStored() throws Exception {
        FakeFleet.Worker worker = new FakeFleet.Worker() {
            @Override
            protected Set<Feature> features() {
                return Set.of();
            }

            @Override
            protected Response.BuildResult result(String board, int commit) {
                boolean failed = board.equals("two");
                return new Response.BuildResult(
                        board,
                        commit,
                        failed ? 2 : 0,
                        "out",
                        failed ? "error" : "",
                        1.0,
                        failed
                                ? Optional.empty()
                                : Optional.of("  1\t2\t3\t6\t6\t/srv/w/.bm-work/01/build/spl/u-boot-spl"),
                        failed ? Map.of(".config", "CONFIG_X=y\n", "../evil", "x") : Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of());
            }
        };
        connect(worker);

        lastWords(Duration.ZERO);
        assertThat(store.previous()).hasSize(4);

        Path first = temp.resolve("out/01_g" + "a".repeat(40) + "_first");
        assertThat(first.resolve("one/sizes")).hasContent("  1\t2\t3\t6\t6\tspl/u-boot-spl");
        assertThat(first.resolve("two/.config")).hasContent("CONFIG_X=y");
        assertThat(first.resolve("two/err")).hasContent("error");
        assertThat(first.resolve("evil")).doesNotExist();
        assertThat(((Command.Configure) worker.received().get(0)).features()).isEmpty();
        assertThat(((Command.BuildBoard) worker.received().get(2)).spec().commits())
                .isEmpty();
    }

    @Test
    void stopAtOnceEndsAConnectionInTheMaking() {
        connect(new FakeFleet.Worker() {
                    @Override
                    protected void greet() {}
                })
                .tell(new WorkerProxy.Stop(true));

        assertThat(lastWords(Duration.ZERO).how()).isEqualTo(Boss.End.STOPPED);
    }

    @Test
    void finishEndsAConnectionThatIsNotNeededAnyMore() {
        FakeFleet.Worker worker = silentAfter(Command.BuildPrepare.class);
        ActorRef<WorkerProxy.Command> proxy = connectAndAwait(worker, 2);

        proxy.tell(new WorkerProxy.Finish());

        assertThat(lastWords(Duration.ZERO).how()).isEqualTo(Boss.End.FINISHED);
        assertThat(worker.received()).endsWith(new Command.Quit());
    }

    private ActorRef<WorkerProxy.Command> connect(FakeFleet.Worker worker) {
        FakeFleet fleet = new FakeFleet(kit.system(), machine -> worker);
        WorkPlan plan = new WorkPlan(run.request().boards(), 2, cell -> false, PlanLimits.of(SETTINGS.boss()));
        plan.expect(MACHINE.name());
        TestProbe<Boss.Command> ignored = kit.createTestProbe();
        ActorRef<BoardPool.Command> pool = kit.spawn(BoardPool.create(plan, ignored.getRef(), System::nanoTime));
        return kit.spawn(WorkerProxy.create(run, MACHINE, fleet.link(MACHINE), false, boss.getRef(), pool));
    }

    /** Returns when the worker has got so many commands: no limit before is passed over then, by letting time pass. */
    private ActorRef<WorkerProxy.Command> connectAndAwait(FakeFleet.Worker worker, int commands) {
        ActorRef<WorkerProxy.Command> proxy = connect(worker);
        boss.awaitAssert(() -> {
            assertThat(worker.received()).hasSize(commands);
            return "";
        });
        return proxy;
    }

    private static FakeFleet.Worker silentAfter(Class<? extends Command> kind) {
        return new FakeFleet.Worker() {
            @Override
            protected void onCommand(Command command) {
                if (kind.isInstance(command)) {
                    note(command);
                } else {
                    super.onCommand(command);
                }
            }
        };
    }

    /** Lets that much time pass, again and again until the proxy ends: its timer may not be set yet. */
    private Boss.MachineEnded lastWords(Duration limit) {
        for (int i = 0; i < 200; i++) {
            time.timePasses(limit.isZero() ? Duration.ofMillis(1) : limit);
            try {
                return boss.expectMessageClass(Boss.MachineEnded.class, Duration.ofMillis(50));
            } catch (AssertionError e) {
                // not yet
            }
        }
        return boss.expectMessageClass(Boss.MachineEnded.class, Waits.LIMIT);
    }

    /** Says that a worktree is there, and waits until the proxy has dealt with that and all before it. */
    private void sayAndWait(FakeFleet.Worker worker) {
        worker.say(new Response.WorktreeCreated(0));
        boss.awaitAssert(() -> {
            assertThat(events).anyMatch(event -> event instanceof BuildEvent.SetupProgress);
            return "";
        });
    }
}
