package dev.buildboss;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over machines in memory: two boards, two commits, one output directory a test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SchedulerRuns {

    static final Commit FIRST = new Commit("a".repeat(40), "zynq: Add a thing");
    static final Commit SECOND = new Commit("b".repeat(40), "lib: Break it");
    static final Settings SETTINGS = settings("");

    ActorSystem<Void> system;

    @TempDir
    Path temp;

    Path out;

    @BeforeAll
    void startSystem() {
        system = ActorSystem.create(Behaviors.empty(), "scheduler-test");
    }

    @BeforeEach
    void chooseOutput() {
        out = temp.resolve("results");
    }

    @AfterAll
    void stopSystem() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
    }

    BuildReport run(Function<Machine, FakeFleet.Worker> workers) throws Exception {
        return run(new FakeFleet(system, workers), request(), m("m1"));
    }

    BuildReport run(FakeFleet fleet, BuildRequest request, Machine... machines) throws Exception {
        try (BuildScheduler scheduler = scheduler(fleet)) {
            return scheduler
                    .start(request, List.of(machines))
                    .report()
                    .toCompletableFuture()
                    .get(Waits.LIMIT_S, TimeUnit.SECONDS);
        }
    }

    BuildScheduler scheduler(FakeFleet fleet) {
        return scheduler(fleet, SETTINGS);
    }

    BuildScheduler scheduler(FakeFleet fleet, Settings settings) {
        return scheduler(fleet, settings, system);
    }

    static BuildScheduler scheduler(FakeFleet fleet, Settings settings, ActorSystem<?> system) {
        return BuildScheduler.builder()
                .settings(settings)
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .compilers(archs -> HostCompilers.NONE)
                .actorSystem(system)
                .build();
    }

    BuildRequest request() {
        return BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("one", "arm"), Board.of("two", "aarch64")),
                List.of(FIRST, SECOND),
                out);
    }

    /** Those of these tests, and more. */
    static Settings settings(String more) {
        return Settings.of(ConfigFactory.parseString(
                "buildboss.boss { reconnect-delay = 1 ms, max-reconnects = 2, quit-timeout = 1 m }\n" + more));
    }

    static Machine m(String name) {
        return new Machine(name, name, 2, "~/w", Optional.empty(), List.of());
    }
}
