package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Commit;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over machines in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BuildSchedulerTest {

    private static final Commit FIRST = new Commit("a".repeat(40), "zynq: Add a thing");
    private static final Commit SECOND = new Commit("b".repeat(40), "lib: Break it");
    private static final Settings SETTINGS = Settings.of(ConfigFactory.parseString(
            "buildboss.boss { reconnect-delay = 1 ms, max-reconnects = 2, quit-timeout = 2 s, ready-timeout = 5 s }"));

    private ActorSystem<Void> system;

    @TempDir
    private Path temp;

    private Path out;

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
        system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
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
    void requeuesBoardsWhenTheirMachineIsLostAndResumesWithTheMissingCommits() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        FakeFleet fleet = new FakeFleet(
                system,
                machine -> connections.incrementAndGet() == 1
                        ? new FakeFleet.Worker() {
                            @Override
                            protected void onBoard(Command.BoardSpec spec) {
                                if (spec.board().equals("two")) {
                                    say(result("two", 0));
                                    exit(9);
                                }
                            }
                        }
                        : new FakeFleet.Worker());

        BuildReport report = run(fleet, request(), m("m1"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(report.outcomes()).hasSize(4);
        FakeFleet.Worker secondWorker = fleet.workersOf("m1").get(1);
        assertThat(secondWorker.received())
                .filteredOn(command -> command instanceof Command.BuildBoard)
                .extracting(command -> ((Command.BuildBoard) command).spec().commits())
                .contains(List.of(1));
    }

    @Test
    void endsWithNotBuiltCellsWhenTheOnlyMachineKeepsDying() throws Exception {
        BuildReport report = run(machine -> new FakeFleet.Worker() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                exit(9);
            }
        });

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(report.outcomes().values())
                .allSatisfy(outcome -> assertThat(((NotBuilt) outcome).reason()).isEqualTo(Reason.MACHINE_LOST));
        assertThat(out.resolve("01_g" + FIRST.hash() + "_zynq--Add-a-thing")).doesNotExist();
    }

    @Test
    void namesTheArchitectureThatNobodyCanBuild() throws Exception {
        BuildReport report = run(machine -> new FakeFleet.Worker() {
            @Override
            protected Set<String> archs() {
                return Set.of("aarch64");
            }
        });

        assertThat(report.outcomes().get(new Cell("one", 0)))
                .isEqualTo(new NotBuilt(Reason.NO_TOOLCHAIN, "no compiler for arm on m1"));
        assertThat(report.outcomes().get(new Cell("two", 0))).isEqualTo(new Built(Kind.OK, 0));
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
    }

    @Test
    void dropsAWorkerThatAnswersForABoardItWasNotGiven() throws Exception {
        BuildReport report = run(machine -> new FakeFleet.Worker() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                say(resultOf("../../x", 0, 0, ""));
            }
        });

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(temp.resolve("x")).doesNotExist();
        assertThat(report.machines().get(0).ended()).contains("broke the protocol");
    }

    @Test
    void storesArtefactsAndRefusesNamesThatAreNotOnTheList() throws Exception {
        BuildReport report = run(machine -> new FakeFleet.Worker() {
            @Override
            protected Response.BuildResult result(String board, int commit) {
                String name = board.equals("two") ? "../escape" : "u-boot.sizes";
                say(new Response.Artefact(board, commit, name, ByteString.fromString("0001 T a\n"), true));
                return super.result(board, commit);
            }
        });

        assertThat(out.resolve("01_g" + FIRST.hash() + "_zynq--Add-a-thing/one/u-boot.sizes"))
                .hasContent("0001 T a");
        assertThat(report.outcomes().get(new Cell("two", 0))).isInstanceOf(NotBuilt.class);
        assertThat(Files.exists(out.resolve(".bm-work/staging"))).isFalse();
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

            BuildReport report = run.report().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.INTERRUPTED);
            assertThat(report.outcomes().values())
                    .allSatisfy(
                            outcome -> assertThat(((NotBuilt) outcome).reason()).isEqualTo(Reason.CANCELLED));
        }
    }

    @Test
    void aBusyMachineIsNotUsedAndTheThresholdIsNamed() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker());
        fleet.facts(new dev.buildboss.spi.MachineFacts(
                "x86_64", 2, 2, 1, 9.0, 8000, 50_000, java.util.OptionalInt.of(17), Map.of()));

        BuildReport report = run(fleet, request(), m("m1"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(((NotBuilt) report.outcomes().get(new Cell("one", 0))).detail())
                .contains("busy: load/cpus 4.50 > 0.8");
    }

    @Test
    void aLostMachineTakesNoBoardWithItThatItHadNotPulled() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        FakeFleet fleet = new FakeFleet(
                system,
                machine -> connections.incrementAndGet() == 1
                        ? new FakeFleet.Worker() {
                            @Override
                            protected void onBoard(Command.BoardSpec spec) {
                                exit(9);
                            }
                        }
                        : new FakeFleet.Worker());
        List<Board> boards =
                IntStream.range(0, 50).mapToObj(i -> Board.of("b" + i, "arm")).toList();
        Events events = new Events();
        try (BuildScheduler scheduler = scheduler(fleet)) {
            BuildRun run = scheduler.start(
                    BuildRequest.of(Path.of("/nowhere/.git"), boards, List.of(FIRST, SECOND), out), List.of(m("m1")));
            run.events().subscribe(events);

            BuildReport report = run.report().toCompletableFuture().get(30, TimeUnit.SECONDS);

            assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
            assertThat(events.awaitAll())
                    .filteredOn(event -> event instanceof BuildEvent.BoardRequeued)
                    .hasSizeBetween(1, 2);
        }
    }

    @Test
    void aMachineThatBreaksTheProtocolIsNotAskedAgainAndItsBoardsGoElsewhere() throws Exception {
        FakeFleet fleet = new FakeFleet(
                system,
                machine -> machine.name().equals("m2")
                        ? new FakeFleet.Worker()
                        : new FakeFleet.Worker() {
                            @Override
                            protected void onBoard(Command.BoardSpec spec) {
                                say(resultOf(spec.board(), 7, 0, ""));
                            }
                        });

        BuildReport report = run(fleet, request(), m("m1"), m("m2"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(fleet.workersOf("m1")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void anOutputOverTheLineLimitFailsItsCellOnly() throws Exception {
        BuildReport report = run(machine -> new FakeFleet.Worker() {
            @Override
            protected Response.BuildResult result(String board, int commit) {
                boolean big = board.equals("one") && commit == 0;
                return resultOf(board, commit, 0, big ? "x".repeat(17 << 20) : "");
            }
        });

        assertThat(report.outcomes().get(new Cell("one", 0))).isInstanceOfSatisfying(NotBuilt.class, notBuilt -> {
            assertThat(notBuilt.reason()).isEqualTo(Reason.RESULT_REFUSED);
            assertThat(notBuilt.detail()).startsWith("output too large");
        });
        assertThat(report.outcomes().get(new Cell("one", 1))).isEqualTo(new Built(Kind.OK, 0));
        assertThat(report.machines().get(0).ended()).isEqualTo("finished");
    }

    @Test
    void anInterruptedMakeIsKeptAsMinusOneAndBuiltAgain() throws Exception {
        BuildReport report = run(machine -> new FakeFleet.Worker() {
            @Override
            protected Response.BuildResult result(String board, int commit) {
                return resultOf(board, commit, 2, board.equals("one") ? "make: *** wait: No child processes.\n" : "");
            }
        });

        assertThat(((NotBuilt) report.outcomes().get(new Cell("one", 0))).reason())
                .isEqualTo(Reason.INFRASTRUCTURE);
        assertThat(out.resolve("01_g" + FIRST.hash() + "_zynq--Add-a-thing/one/done"))
                .hasContent("-1");

        BuildReport second = run(machine -> new FakeFleet.Worker());
        assertThat(second.previous()).isEqualTo(2);
        assertThat(second.outcomes().get(new Cell("one", 0))).isEqualTo(new Built(Kind.OK, 0));
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
        try (BuildScheduler scheduler = scheduler(fleet)) {
            BuildRun run = scheduler.start(request(), List.of(m("m1")));
            Events events = new Events();
            run.events().subscribe(events);
            events.awaitFirst(BuildEvent.BoardStarted.class);
            run.cancel();

            run.cancelNow();

            BuildReport report = run.report().toCompletableFuture().get(1500, TimeUnit.MILLISECONDS);
            assertThat(report.interrupted()).isTrue();
        }
    }

    @Test
    void aWorkerThatDoesNotQuitIsEndedWithinTheLimitAndNamed() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected void onCommand(Command command) {
                if (!(command instanceof Command.Quit)) {
                    super.onCommand(command);
                }
            }
        });

        BuildReport report = run(fleet, request(), m("m1"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(report.machines().get(0).ended()).startsWith("ended by force");
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
                    .failsWithin(java.time.Duration.ofSeconds(10))
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
            BuildReport report = scheduler
                    .start(request(), List.of(m("m1")))
                    .report()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        }
    }

    @Test
    void theFirstSubscriberMissesNothing() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker());
        try (BuildScheduler scheduler = scheduler(fleet)) {
            BuildRun run = scheduler.start(request(), List.of(m("m1")));
            run.report().toCompletableFuture().get(30, TimeUnit.SECONDS);
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

    private BuildReport run(Function<Machine, FakeFleet.Worker> workers) throws Exception {
        return run(new FakeFleet(system, workers), request(), m("m1"));
    }

    private BuildReport run(FakeFleet fleet, BuildRequest request, Machine... machines) throws Exception {
        try (BuildScheduler scheduler = scheduler(fleet)) {
            return scheduler
                    .start(request, List.of(machines))
                    .report()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private BuildScheduler scheduler(FakeFleet fleet) {
        return BuildScheduler.builder()
                .settings(SETTINGS)
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .compilers(archs -> HostCompilers.NONE)
                .actorSystem(system)
                .build();
    }

    private BuildRequest request() {
        return BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("one", "arm"), Board.of("two", "aarch64")),
                List.of(FIRST, SECOND),
                out);
    }

    private static Machine m(String name) {
        return new Machine(name, name, 2, "~/w", Optional.empty(), List.of());
    }
}
