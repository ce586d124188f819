package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.EventRecorder;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The order of what is told of a board, whoever of those that tell it is slow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventOrderTest {

    private static final Settings SETTINGS =
            Settings.of(ConfigFactory.parseString("buildboss.boss { confirm-failures = always, quit-timeout = 1 m }"));
    private static final Machine MACHINE = new Machine("m1", "m1", 2, "~/w", Optional.empty(), List.of());

    private final List<BuildEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger builds = new AtomicInteger();
    private final CountDownLatch toldAll = new CountDownLatch(1);
    private ActorTestKit kit;

    /** With one machine a failure is built again there at once; the boss writes to its log meanwhile, to a disk that takes its time. */
    @BeforeAll
    void run(@TempDir Path temp) throws Exception {
        kit = ActorTestKit.create();
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("oak", "arm")),
                List.of(new Commit("a".repeat(40), "first")),
                temp.resolve("out"));
        EventHub hub = new EventHub(Runnable::run, 1000);
        hub.subscribe(new EventRecorder(events::add));
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        try (ResultStore store = ResultStore.open(request, 1 << 20)) {
            RunContext run = new RunContext(
                    request,
                    SETTINGS,
                    List.of(new FakeFleet(kit.system(), machine -> new FailsOnce())),
                    FakeFleet.bundle(),
                    store,
                    hub,
                    Runnable::run,
                    new SlowLog(),
                    new ProtocolFlows(SETTINGS.protocol()));
            kit.spawn(Boss.create(run, List.of(MACHINE), Map.of(), report));
            report.get(Waits.LIMIT_S, TimeUnit.SECONDS);
        }
        assertThat(builds).hasValue(2);
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aBoardEndsOnAMachineBeforeItBeginsThereAgain() {
        assertThat(events)
                .filteredOn(event -> event instanceof BuildEvent.BoardStarted || event instanceof BuildEvent.BoardEnded)
                .containsExactly(
                        new BuildEvent.BoardStarted("oak", "m1", 1),
                        new BuildEvent.BoardEnded("oak", "m1"),
                        new BuildEvent.BoardStarted("oak", "m1", 1),
                        new BuildEvent.BoardEnded("oak", "m1"));
    }

    @Test
    void howLongACellTookIsToldAfterItsBoardsStartAndBeforeWhatBecomesOfIt() {
        List<BuildEvent> told = events.stream()
                .filter(event -> event instanceof BuildEvent.BoardStarted
                        || event instanceof BuildEvent.CellTimed
                        || event instanceof BuildEvent.CellBuilt)
                .toList();
        assertThat(told)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("BoardStarted", "CellTimed", "CellBuilt", "BoardStarted", "CellTimed", "CellBuilt");
        assertThat(List.of(told.get(1), told.get(4)))
                .containsOnly(new BuildEvent.CellTimed(
                        new Cell("oak", 0), "m1", Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
    }

    @Test
    void whatSettlesNothingIsToldBeforeADoubtAndBothBeforeTheOutcome() {
        assertThat(events)
                .filteredOn(event -> event instanceof BuildEvent.CellBuilt
                        || event instanceof BuildEvent.FailureDoubted
                        || event instanceof BuildEvent.FailureConfirmed
                        || event instanceof BuildEvent.CellDone)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("CellBuilt", "FailureDoubted", "CellBuilt", "FailureConfirmed", "CellDone");
    }

    /** Its first build fails. It hears that there are no more boards when all that it said was taken in. */
    private final class FailsOnce extends FakeFleet.Worker {
        @Override
        protected synchronized void onCommand(Command command) {
            if (command instanceof Command.BuildDone) {
                toldAll.countDown();
            }
            super.onCommand(command);
        }

        @Override
        protected Response.BuildResult result(String board, int commit) {
            return new Response.BuildResult(
                    board,
                    commit,
                    builds.getAndIncrement() == 0 ? 2 : 0,
                    "",
                    "",
                    0.5,
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    Optional.of(new Response.Times(1, 2, 3)));
        }
    }

    /** From the failure on, what the boss writes takes until the worker has said all. */
    private final class SlowLog extends Clock {
        private final Clock clock = Clock.systemUTC();

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return clock.withZone(zone);
        }

        @Override
        public Instant instant() {
            boolean isLog = StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().equals(BossLog.class.getName())));
            if (isLog && builds.get() > 0) {
                try {
                    assertThat(toldAll.await(Waits.LIMIT_S, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return clock.instant();
        }
    }
}
