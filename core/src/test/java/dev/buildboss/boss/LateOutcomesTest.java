package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.EventRecorder;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine's end is told by another way than what it built, and may be told sooner. */
class LateOutcomesTest {

    private static final Settings SETTINGS = Settings.of(ConfigFactory.parseString(
            "buildboss.boss { reconnect-delay = 1 ms, max-reconnects = 1, quit-timeout = 1 m }"));
    private static final Machine MACHINE = new Machine("m1", "m1", 1, "~/w", Optional.empty(), List.of());

    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch twiceLost = new CountDownLatch(2);
    private volatile boolean poolIsSlow;
    private ActorTestKit kit;

    @TempDir
    private Path temp;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** The first connection builds nothing; the second builds a board, and the boss hears of its end before it hears of that. */
    @Test
    void aMachineThatBuiltSomethingComesBackThoughItsEndIsToldFirst() throws Exception {
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("oak", "arm"), Board.of("elm", "arm")),
                List.of(new Commit("a".repeat(40), "first")),
                temp.resolve("out"));
        EventHub hub = new EventHub(Runnable::run, 1000);
        hub.subscribe(new EventRecorder(this::seen));
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        try (ResultStore store = ResultStore.open(request, 1 << 20)) {
            RunContext run = new RunContext(
                    request,
                    SETTINGS,
                    List.of(new FakeFleet(kit.system(), machine -> new Dying(connections.incrementAndGet()))),
                    FakeFleet.bundle(),
                    store,
                    hub,
                    Runnable::run,
                    Clock.systemUTC(),
                    this::slowTime,
                    new ProtocolFlows(SETTINGS.protocol()),
                    FleetRules.NONE,
                    Estimates.EVEN);
            kit.spawn(Boss.create(run, List.of(MACHINE), Map.of(), report));

            assertThat(report.get(Waits.LIMIT_S, TimeUnit.SECONDS).exitStatus(false))
                    .isEqualTo(ExitStatus.OK);
        }
        assertThat(connections).hasValue(3);
    }

    private void seen(BuildEvent event) {
        if (event instanceof BuildEvent.MachineChanged changed && changed.state() == MachineState.LOST) {
            twiceLost.countDown();
        }
    }

    /** The pool asks for the time with each outcome. */
    private long slowTime() {
        try {
            if (poolIsSlow) {
                assertThat(twiceLost.await(Waits.LIMIT_S, TimeUnit.SECONDS)).isTrue();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return System.nanoTime();
    }

    private final class Dying extends FakeFleet.Worker {
        private final int connection;

        Dying(int connection) {
            this.connection = connection;
        }

        @Override
        protected void onBoard(Command.BoardSpec spec) {
            if (connection == 2) {
                poolIsSlow = true;
            }
            if (connection > 1) {
                super.onBoard(spec);
            }
            if (connection < 3) {
                exit(9);
            }
        }
    }
}
