package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.Commit;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A machine that another boss has: it is waited for, or left out, as set. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusyMachineTest {

    private static final String BY = "simon@laptop process 7 since 2026-01-31T08:00:00Z";
    private static final String BUSY = "BUSY: work directory /w is in use by " + BY;

    private ActorSystem<Void> system;

    @TempDir
    private Path out;

    private final List<BuildEvent.MachineChanged> changes = new ArrayList<>();

    @BeforeEach
    void forget() {
        changes.clear();
    }

    @BeforeAll
    void startSystem() {
        system = ActorSystem.create(Behaviors.empty(), "busy-test");
    }

    @AfterAll
    void stopSystem() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
    }

    /** Refuses its first boss as often as told, as another one has its work directory. */
    private FakeFleet fleet(int busy) {
        AtomicInteger asked = new AtomicInteger();
        return new FakeFleet(
                system,
                machine -> machine.name().equals("m2") && asked.getAndIncrement() < busy
                        ? new FakeFleet.Worker() {
                            @Override
                            protected void greet() {
                                say(new Response.Refusal(Response.Refusal.busy("work directory /w", BY)));
                            }
                        }
                        : new FakeFleet.Worker());
    }

    private BuildReport run(FakeFleet fleet, String settings, String... machines) throws Exception {
        Settings all = Settings.of(ConfigFactory.parseString(
                "buildboss.boss { busy-interval = 100 ms, max-reconnects = 0, quit-timeout = 1 m }\n" + settings));
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("one", "arm"), Board.of("two", "aarch64")),
                List.of(new Commit("a".repeat(40), "First")),
                out.resolve("results"));
        try (BuildScheduler scheduler = BuildScheduler.builder()
                .settings(all)
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .compilers(archs -> HostCompilers.NONE)
                .actorSystem(system)
                .build()) {
            BuildRun run = scheduler.start(
                    request,
                    List.of(machines).stream()
                            .map(name -> new Machine(name, name, 2, "~/w", Optional.empty(), List.of()))
                            .toList());
            Events events = new Events();
            run.events().subscribe(events);
            BuildReport report = run.report().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
            for (BuildEvent event : events.awaitAll()) {
                if (event instanceof BuildEvent.MachineChanged changed) {
                    changes.add(changed);
                }
            }
            return report;
        }
    }

    @Test
    void waitsInLineAndLetsTheMachineJoinLaterInTheSameRun() throws Exception {
        FakeFleet fleet = fleet(4);

        BuildReport report = run(fleet, "", "m2");

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(fleet.workersOf("m2")).hasSize(5);
        assertThat(changes)
                .contains(new BuildEvent.MachineChanged("m2", MachineState.BUSY, BUSY))
                .noneMatch(
                        changed -> changed.state() == MachineState.UNAVAILABLE || changed.state() == MachineState.LOST);
        assertThat(changes.get(changes.size() - 1).state()).isEqualTo(MachineState.FINISHED);
    }

    @Test
    void buildsWithoutItIfSoSetAndSaysWhoHasIt() throws Exception {
        FakeFleet fleet = fleet(1);

        BuildReport report = run(fleet, "buildboss.boss.when-busy = skip", "m2");

        assertThat(fleet.workersOf("m2")).hasSize(1);
        assertThat(changes).contains(new BuildEvent.MachineChanged("m2", MachineState.UNAVAILABLE, BUSY));
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(report.outcomes().values())
                .allSatisfy(outcome -> assertThat(((NotBuilt) outcome).detail()).contains(BY));
    }

    @Test
    void losesItsPatienceAtLast() throws Exception {
        FakeFleet fleet = fleet(100);

        BuildReport report = run(fleet, "buildboss.boss.busy-patience = 350 ms", "m2");

        assertThat(fleet.workersOf("m2")).hasSize(4);
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
    }

    @Test
    void doesNotWaitWhenTheOthersHaveBuiltEverything() throws Exception {
        FakeFleet fleet = fleet(100);

        BuildReport report =
                run(fleet, "buildboss.boss.busy-interval = 1 h, buildboss.boss.busy-patience = 10 h", "m1", "m2");

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(fleet.workersOf("m1").get(0).received())
                .filteredOn(command -> command instanceof Command.BuildBoard)
                .hasSize(2);
    }
}
