package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Response;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** What becomes of a run whose machines die, lie or have not what it takes. */
class SchedulerFaultsTest extends SchedulerRuns {

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

            BuildReport report = run.report().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);

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
}
