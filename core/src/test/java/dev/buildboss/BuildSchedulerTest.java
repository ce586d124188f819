package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.Test;

/** Whole runs over machines in memory: what is stored and told, and how a run ends. */
class BuildSchedulerTest extends SchedulerRuns {

    private static BuildReport ended(BuildRun run) throws Exception {
        return run.report().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
    }

    @Test
    void storesEveryCellAndReportsItsOutcome() throws Exception {
        BuildReport report = run(machine -> new FakeFleet.Worker() {
            @Override
            protected Response.BuildResult result(String board, int commit) {
                return resultOf(board, commit, board.equals("one") && commit == 1 ? 2 : 0, commit == 1 ? "oops\n" : "");
            }
        });

        assertThat(report.outcomes())
                .containsEntry(new Cell("one", 0), new Built(Kind.OK, 0))
                .containsEntry(new Cell("one", 1), new Built(Kind.FAILED, 2))
                .containsEntry(new Cell("two", 1), new Built(Kind.WARNING, 0))
                .hasSize(4);
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.FAILED);
        Path cell = out.resolve("02_g" + SECOND.hash() + "_lib--Break-it/one");
        assertThat(cell.resolve("done")).hasContent("2");
        assertThat(cell.resolve("err")).hasContent("oops");
        assertThat(cell.resolve("host")).hasContent("m1");
        assertThat(out.resolve(".bm-work/staging")).doesNotExist();
    }

    @Test
    void buildsNothingWhenEveryCellHasItsResult() throws Exception {
        run(machine -> new FakeFleet.Worker());
        FakeFleet second = new FakeFleet(system, machine -> new FakeFleet.Worker());

        BuildReport report = run(second, request(), m("m1"));

        assertThat(report.previous()).isEqualTo(4);
        assertThat(second.workersOf("m1")).isEmpty();
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
    }

    @Test
    void aRunThatHasBegunKnowsWhichCellsAreThere() throws Exception {
        run(machine -> new FakeFleet.Worker());
        Files.delete(out.resolve("02_g" + SECOND.hash() + "_lib--Break-it/one/done"));
        try (BuildScheduler scheduler = scheduler(new FakeFleet(system, machine -> new FakeFleet.Worker()))) {
            BuildRun run = scheduler.start(request(), List.of(m("m1")));
            Events events = new Events();
            run.events().subscribe(events);
            events.awaitFirst(BuildEvent.RunStarted.class);

            assertThat(run.previous())
                    .containsExactlyInAnyOrder(new Cell("one", 0), new Cell("two", 0), new Cell("two", 1));
            BuildReport unused = ended(run);
            assertThat(run.previous()).as("what is built now is none of them").hasSize(3);
        }
    }

    @Test
    void drivesAWorkerWithoutFeaturesByTheBaseProtocolOnly() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected Set<Feature> features() {
                return Set.of();
            }
        });

        BuildReport report = run(fleet, request(), m("m1"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        Command.Configure configure =
                (Command.Configure) fleet.workersOf("m1").get(0).received().get(0);
        assertThat(configure.features()).isEmpty();
        assertThat(configure.recipe()).isEmpty();
    }

    @Test
    void cancelEndsOpenCellsAndSaysInterrupted() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                say(new Response.Heartbeat(spec.board(), 0)); // and nothing more
            }
        });
        try (BuildScheduler scheduler = scheduler(fleet)) {
            BuildRun run = scheduler.start(request(), List.of(m("m1")));
            Events events = new Events();
            run.events().subscribe(events);
            events.awaitFirst(BuildEvent.BoardStarted.class);

            run.cancel();

            BuildReport report = ended(run);
            assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.INTERRUPTED);
            assertThat(report.outcomes().values())
                    .allSatisfy(
                            outcome -> assertThat(((NotBuilt) outcome).reason()).isEqualTo(Reason.CANCELLED));
        }
    }

    @Test
    void cancelNowWaitsForNobody() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected void onCommand(Command command) {
                if (!(command instanceof Command.Quit)) {
                    super.onCommand(command);
                }
            }

            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        });
        try (BuildScheduler scheduler = scheduler(fleet, settings("buildboss.boss.quit-timeout = 10 m"))) {
            BuildRun run = scheduler.start(request(), List.of(m("m1")));
            Events events = new Events();
            run.events().subscribe(events);
            events.awaitFirst(BuildEvent.BoardStarted.class);
            run.cancel();

            run.cancelNow();

            BuildReport report = ended(run);
            assertThat(report.interrupted()).isTrue();
        }
    }

    /** Time passes only once the worker is told to quit: the same limit holds for its answer before that. */
    @Test
    void aWorkerThatDoesNotQuitIsEndedWithinTheLimitAndNamed() throws Exception {
        ActorTestKit kit = ActorTestKit.create(ManualTime.config());
        CountDownLatch toldToQuit = new CountDownLatch(1);
        FakeFleet fleet = new FakeFleet(kit.system(), machine -> new FakeFleet.Worker() {
            @Override
            protected void onCommand(Command command) {
                if (command instanceof Command.Quit) {
                    toldToQuit.countDown();
                } else {
                    super.onCommand(command);
                }
            }
        });

        Settings settings = settings("buildboss.boss.quit-timeout = 10 s");
        try (BuildScheduler scheduler = scheduler(fleet, settings, kit.system())) {
            BuildRun run = scheduler.start(request(), List.of(m("m1")));
            assertThat(toldToQuit.await(Waits.LIMIT_S, TimeUnit.SECONDS)).isTrue();
            ManualTime.get(kit.system()).timePasses(Duration.ofSeconds(10));
            BuildReport report = ended(run);

            assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
            assertThat(report.machines().get(0).ended()).startsWith("ended by force");
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void aDryRunWritesNothingAndStartsNobody() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker());
        BuildRequest dry = new BuildRequest(
                Path.of("/nowhere/.git"),
                request().boards(),
                request().commits(),
                false,
                out,
                request().options(),
                BuildRequest.Rebuild.MISSING,
                Set.of(),
                true,
                false);

        BuildReport report = run(fleet, dry, m("m1"));

        assertThat(report.outcomes()).isEmpty();
        assertThat(out).doesNotExist();
        assertThat(fleet.workersOf("m1")).isEmpty();
    }

    @Test
    void anOutputDirectoryInUseIsRefusedAndNamesItsOwner() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        });
        try (BuildScheduler scheduler = scheduler(fleet)) {
            BuildRun first = scheduler.start(request(), List.of(m("m1")));
            Events events = new Events();
            first.events().subscribe(events);
            events.awaitFirst(BuildEvent.BoardStarted.class);

            BuildRun second = scheduler.start(request(), List.of(m("m1")));

            assertThat(second.report().toCompletableFuture())
                    .failsWithin(Waits.LIMIT)
                    .withThrowableThat()
                    .withMessageContaining(" is in use by ")
                    .withMessageContaining(" process " + ProcessHandle.current().pid() + " since ");
        }
    }

    @Test
    void closingTheSchedulerCancelsWhatRunsAndLeavesTheCallersSystemAlone() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {}
        });
        BuildRun run;
        try (BuildScheduler scheduler = scheduler(fleet)) {
            run = scheduler.start(request(), List.of(m("m1")));
        }

        assertThat(run.report().toCompletableFuture()).isCompletedWithValueMatching(BuildReport::interrupted);
        assertThat(system.getWhenTerminated().toCompletableFuture()).isNotDone();
    }

    @Test
    void makesAnActorSystemOfItsOwnAndEndsIt() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker());
        try (BuildScheduler scheduler = BuildScheduler.builder()
                .settings(SETTINGS)
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .compilers(archs -> HostCompilers.NONE)
                .build()) {
            BuildReport report = ended(scheduler.start(request(), List.of(m("m1"))));
            assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        }
    }

    @Test
    void theFirstSubscriberMissesNothing() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker());
        try (BuildScheduler scheduler = scheduler(fleet)) {
            BuildRun run = scheduler.start(request(), List.of(m("m1")));
            BuildReport unused = ended(run);
            Events events = new Events();
            run.events().subscribe(events);

            List<BuildEvent> all = events.awaitAll();

            assertThat(all.get(0)).isInstanceOf(BuildEvent.RunStarted.class);
            assertThat(all)
                    .filteredOn(event -> event instanceof BuildEvent.CellDone)
                    .hasSize(4);
            assertThat(all.get(all.size() - 1)).isInstanceOf(BuildEvent.RunEnded.class);
        }
    }
}
