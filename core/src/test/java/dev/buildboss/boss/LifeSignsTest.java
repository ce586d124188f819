package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.testing.BrokenTransport;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that stands still, and one that only seems to; in virtual time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifeSignsTest {

    private static final Settings SETTINGS = Settings.defaults();
    private static final Duration HEARTBEAT = SETTINGS.worker().heartbeatInterval();
    private static final Machine MACHINE = new Machine("m1", "host", 2, "~/w", Optional.empty(), List.of());
    private static final int MAX_STEPS = 1_000_000;

    private ActorSystem<Void> system;
    private VirtualTime time;
    private ResultStore store;
    private RunContext run;
    private final List<Boss.MachineEnded> ended = new ArrayList<>();
    private ActorRef<WorkerProxy.Command> proxy;
    private int runs;

    @TempDir
    private Path temp;

    @BeforeAll
    void start() {
        system = VirtualTime.system("life-signs-test");
        time = VirtualTime.of(system);
    }

    @AfterAll
    void stop() {
        VirtualTime.end(system);
    }

    @BeforeEach
    void openStore() {
        time.reset(new SplittableRandom(1));
        ended.clear();
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("one", "arm"), Board.of("two", "arm")),
                List.of(new Commit("a".repeat(40), "first")),
                temp.resolve("out"));
        store = ResultStore.open(request, 1 << 20);
        run = new RunContext(
                request,
                SETTINGS,
                List.of(),
                FakeFleet.bundle(),
                store,
                new EventHub(time.executor(), 100),
                time.executor(),
                time.clock(),
                new ProtocolFlows(SETTINGS.protocol()));
    }

    @AfterEach
    void settle() {
        proxy.tell(new WorkerProxy.Stop(true));
        passTo(time.now().plus(Duration.ofMinutes(1)));
        store.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {Command.Configure.class, Command.BuildPrepare.class, Command.BuildBoard.class})
    void findsAWorkerThatStandsStillWithinThreeHeartbeats(Class<? extends Command> last) {
        StoppedWorker worker = new StoppedWorker(last);
        connect(worker, false);

        passTo(HEARTBEAT.multipliedBy(3));

        assertLost();
        assertThat(worker.received().stream().filter(last::isInstance)).isNotEmpty();
    }

    @Test
    void findsAWorkerThatStandsStillWhileTheSourceIsPushed() {
        FakeFleet.Worker worker = new FakeFleet.Worker() {
            @Override
            protected void onPing() {}
        };
        connect(worker, true);

        passTo(HEARTBEAT.multipliedBy(3));

        assertLost();
    }

    @Test
    void waitsForAsLongAsTheAnswersCome() {
        connect(new FakeFleet.Worker(), true);

        passTo(SETTINGS.ssh().pushTimeout());

        assertThat(ended).isEmpty();
    }

    @Test
    void doesNotAskAWorkerThatDoesNotKnowTheQuestion() {
        List<String> pings = new ArrayList<>();
        connect(
                new FakeFleet.Worker() {
                    @Override
                    protected Set<Feature> features() {
                        return EnumSet.complementOf(EnumSet.of(Feature.PING));
                    }

                    @Override
                    protected void onPing() {
                        pings.add("ping");
                    }
                },
                true);

        passTo(SETTINGS.ssh().pushTimeout());

        assertThat(ended).isEmpty();
        assertThat(pings).isEmpty();
    }

    @Test
    void aLineOfAnyKindIsASignOfLife() {
        FakeFleet.Worker worker = new FakeFleet.Worker() {
            @Override
            protected void onPing() {
                say(new Response.WorktreeCreated(0));
            }
        };
        connect(worker, true);

        passTo(HEARTBEAT.multipliedBy(20));

        assertThat(ended).isEmpty();
    }

    private void assertLost() {
        assertThat(ended).hasSize(1);
        assertThat(ended.get(0).how()).isEqualTo(Boss.End.LOST);
        assertThat(ended.get(0).reason()).startsWith("no answer: ").contains("sign of life");
    }

    private void connect(FakeFleet.Worker worker, boolean pushHangs) {
        FakeFleet fleet = new FakeFleet(system, machine -> worker);
        WorkPlan plan = new WorkPlan(run.request().boards(), 1, cell -> false, PlanLimits.of(SETTINGS.boss()));
        plan.expect(MACHINE.name());
        runs++;
        Behavior<Boss.Command> listener = Behaviors.receiveMessage(message -> {
            if (message instanceof Boss.MachineEnded end) {
                ended.add(end);
            }
            return Behaviors.same();
        });
        ActorRef<Boss.Command> boss = system.systemActorOf(listener, "boss-" + runs, Props.empty());
        ActorRef<BoardPool.Command> pool =
                system.systemActorOf(BoardPool.create(plan, boss, time::nanos), "pool-" + runs, Props.empty());
        MachineLink link = pushHangs ? new HangingPush(fleet) : fleet.link(MACHINE);
        proxy = system.systemActorOf(
                WorkerProxy.create(run, MACHINE, link, false, boss, pool), "proxy-" + runs, Props.empty());
    }

    private void passTo(Duration end) {
        time.runReady(MAX_STEPS);
        boolean[] reached = {false};
        Duration left = end.minus(time.now());
        time.after(left.isNegative() ? Duration.ZERO : left, () -> reached[0] = true);
        while (!reached[0] && time.passToNextTimer()) {
            time.runReady(MAX_STEPS);
        }
    }

    /** Stops as with SIGSTOP when it reads a command of that kind. */
    private static final class StoppedWorker extends FakeFleet.Worker {
        private final Class<? extends Command> last;
        private boolean stopped;

        StoppedWorker(Class<? extends Command> last) {
            this.last = last;
        }

        @Override
        protected void onCommand(Command command) {
            stopped |= last.isInstance(command);
            if (stopped) {
                note(command);
            } else {
                super.onCommand(command);
            }
        }

        @Override
        protected void onPing() {
            if (!stopped) {
                super.onPing();
            }
        }
    }

    /** A machine to which the source never gets. */
    private static final class HangingPush extends BrokenTransport {
        HangingPush(FakeFleet fleet) {
            super(fleet, MACHINE);
        }

        @Override
        public CompletionStage<PushReport> push(SourcePush push) {
            return new CompletableFuture<>();
        }
    }
}
