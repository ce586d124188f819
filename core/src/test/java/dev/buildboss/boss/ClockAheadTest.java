package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.VirtualTime;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time of day is set ahead in the middle of a run, which goes by another; in virtual time. */
class ClockAheadTest {

    private static final Settings SETTINGS = Settings.defaults();
    private static final int MAX_STEPS = 1_000_000;

    private final List<FakeFleet.Worker> begun = new ArrayList<>();
    private final CompletableFuture<BuildReport> report = new CompletableFuture<>();
    private ActorSystem<Void> system;
    private VirtualTime time;
    private ResultStore store;
    private Duration ahead = Duration.ZERO;

    @TempDir
    private Path temp;

    @BeforeEach
    void start() {
        system = VirtualTime.system("clock-ahead-test");
        time = VirtualTime.of(system);
        time.reset(new SplittableRandom(1));
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("oak", "arm")),
                List.of(new Commit("a".repeat(40), "first")),
                temp.resolve("out"));
        store = ResultStore.open(request, 1 << 20);
        RunContext run = new RunContext(
                request,
                SETTINGS,
                List.of(new FakeFleet(system, machine -> new Busy())),
                FakeFleet.bundle(),
                store,
                new EventHub(Runnable::run, 1000),
                time.executor(),
                new TimeOfDay(),
                time::nanos,
                new ProtocolFlows(SETTINGS.protocol()),
                FleetRules.NONE,
                Estimates.EVEN);
        List<Machine> machines = List.of(machine("m1"), machine("m2"));
        system.systemActorOf(Boss.create(run, machines, Map.of(), report), "boss", Props.empty());
    }

    @AfterEach
    void stop() {
        store.close();
        VirtualTime.end(system);
    }

    /** As with a step of NTP: if an hour had gone into that cell, it would be worth building it a second time. */
    @Test
    void nothingIsBuiltTwiceThatIsNotLate() {
        passTo(Duration.ofSeconds(5));
        assertThat(begun).as("builds of the one cell").hasSize(1);

        ahead = Duration.ofHours(1);
        passTo(Duration.ofSeconds(10));

        assertThat(begun).as("builds of the one cell").hasSize(1);
        endsWell();
    }

    @Test
    void whatIsLateIsBuiltTwice() {
        passTo(Duration.ofMinutes(5));

        assertThat(begun).as("builds of the one cell").hasSize(2);
        endsWell();
    }

    private void endsWell() {
        begun.forEach(worker -> worker.say(FakeFleet.Worker.resultOf("oak", 0, 0, "")));
        passTo(time.now().plus(Duration.ofMinutes(1)));

        assertThat(report).isCompleted();
        assertThat(report.join().exitStatus(false).code()).isZero();
    }

    private static Machine machine(String name) {
        return new Machine(name, name, 2, "~/w", Optional.empty(), List.of());
    }

    private void passTo(Duration end) {
        boolean[] reached = {false};
        time.after(end.minus(time.now()), () -> reached[0] = true);
        time.runReady(MAX_STEPS);
        while (!reached[0] && time.passToNextTimer()) {
            time.runReady(MAX_STEPS);
        }
    }

    /** A worker that is at work until the test says what came of it. */
    private final class Busy extends FakeFleet.Worker {
        @Override
        protected void onBoard(Command.BoardSpec spec) {
            begun.add(this);
        }

        @Override
        protected void onPing() {
            super.onPing();
            if (begun.contains(this)) {
                say(new Response.Heartbeat("oak", 0));
            }
        }
    }

    private final class TimeOfDay extends Clock {
        @Override
        public ZoneId getZone() {
            return time.clock().getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return time.clock().instant().plus(ahead);
        }
    }
}
