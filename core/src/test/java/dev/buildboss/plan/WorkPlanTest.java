package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkPlanTest {

    private static final Capability ANY = new Capability.Any();
    private static final CellOutcome OK = new Built(Kind.OK, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final PlanLimits LIMITS = new PlanLimits(3, 3, 6, Duration.ofSeconds(1), Duration.ofSeconds(30));

    @Test
    void handsOutBoardsInTheGivenOrderAcrossArchitectures() {
        WorkPlan plan = plan(2, "b/arm", "a/x86", "c/arm");
        join(plan, "w", ANY);

        assertThat(granted(plan, "w").board().target()).isEqualTo("b");
        assertThat(granted(plan, "w").board().target()).isEqualTo("a");
        assertThat(granted(plan, "w").board().target()).isEqualTo("c");
        assertThat(plan.demand("w")).isInstanceOf(Demand.Nothing.class);
    }

    @Test
    void grantsOnlyTheCommitsThatAreMissing() {
        WorkPlan plan = new WorkPlan(
                List.of(Board.of("a", "arm"), Board.of("b", "arm")), 3, Set.of(new Cell("a", 1))::contains, LIMITS);
        join(plan, "w", ANY);

        assertThat(plan.openCells()).isEqualTo(5);
        assertThat(granted(plan, "w").commits()).containsExactly(0, 2);
        assertThat(granted(plan, "w").commits()).containsExactly(0, 1, 2);
    }

    @Test
    void givesAWorkerOnlyWhatItHasACompilerFor() {
        WorkPlan plan = plan(1, "a/arm", "x/x86", "n/");
        plan.expect("later");
        join(plan, "w", new Capability.Archs(Set.of("x86")));

        assertThat(granted(plan, "w").board().target()).isEqualTo("x");
        assertThat(granted(plan, "w").board().target()).isEqualTo("n");
        assertThat(plan.demand("w")).isInstanceOf(Demand.Nothing.class);
        assertThat(plan.takeNews()).isEmpty();
    }

    @Test
    void aWorkerWithNothingToDoWaitsForWhatAnotherMayLose() {
        WorkPlan plan = plan(1, "a/arm");
        join(plan, "first", ANY);
        join(plan, "second", ANY);
        Grant grant = granted(plan, "first");

        assertThat(plan.demand("second")).isInstanceOf(Demand.Wait.class);

        assertThat(plan.leave("first", false, "reset")).containsExactly(new WorkPlan.Requeued("a", 1));
        assertThat(granted(plan, "second").commits()).isEqualTo(grant.commits());
    }

    @Test
    void requeuesOnlyTheCommitsThatHaveNoResult() {
        WorkPlan plan = plan(3, "a/arm");
        join(plan, "w", ANY);
        plan.expect("other");
        Grant grant = granted(plan, "w");
        plan.settle(grant.id(), 0, OK);

        plan.leave("w", true, "reset");
        plan.join("w", ANY, PATIENCE);

        assertThat(granted(plan, "w").commits()).containsExactly(1, 2);
    }

    @Test
    void refusesAnswersOfAGrantThatIsOver() {
        WorkPlan plan = plan(2, "a/arm");
        join(plan, "w", ANY);
        Grant old = granted(plan, "w");
        plan.settle(old.id(), 0, OK);
        plan.leave("w", true, "reset");
        plan.join("w", ANY, PATIENCE);
        Grant now = granted(plan, "w");
        plan.takeNews();

        assertThat(plan.settle(old.id(), 1, OK)).isEqualTo(WorkPlan.Answer.STALE);
        assertThat(plan.settle(now.id(), 0, OK)).isEqualTo(WorkPlan.Answer.NOT_LEASED);
        assertThat(plan.settle(now.id(), 9, OK)).isEqualTo(WorkPlan.Answer.NOT_LEASED);
        assertThat(plan.settle(99, 1, OK)).isEqualTo(WorkPlan.Answer.STALE);
        assertThat(plan.takeNews()).isEmpty();
        assertThat(plan.settle(now.id(), 1, OK)).isEqualTo(WorkPlan.Answer.ACCEPTED);
        assertThat(plan.settle(now.id(), 1, OK)).isEqualTo(WorkPlan.Answer.STALE);
        assertThat(plan.openCells()).isZero();
    }

    @Test
    void givesABoardUpWhenItsAttemptsAreUsedUp() {
        WorkPlan plan = plan(2, "a/arm");
        plan.expect("w");
        for (int i = 0; i < 3; i++) {
            plan.join("w", ANY, PATIENCE);
            granted(plan, "w");
            plan.leave("w", true, "reset");
        }

        assertThat(plan.openCells()).isZero();
        assertThat(news(plan).values())
                .containsOnly(new NotBuilt(Reason.MACHINE_LOST, "lost 3 times, last with w: reset"));
    }

    @Test
    void triesAnInfrastructureFailureElsewhereAndNeverOnTheSameMachineAgain() {
        WorkPlan plan = plan(1, "a/arm");
        join(plan, "bad", ANY);
        join(plan, "good", ANY);
        NotBuilt killed = new NotBuilt(Reason.INFRASTRUCTURE, "cc1 was killed");
        plan.settle(granted(plan, "bad").id(), 0, killed);

        assertThat(plan.takeNews()).isEmpty();
        assertThat(plan.demand("bad")).isInstanceOf(Demand.Nothing.class);
        plan.settle(granted(plan, "good").id(), 0, OK);
        assertThat(news(plan)).containsEntry(new Cell("a", 0), OK);
    }

    @Test
    void endsAnInfrastructureFailureWhenThereIsNoOtherMachine() {
        WorkPlan plan = plan(1, "a/arm");
        join(plan, "bad", ANY);
        NotBuilt killed = new NotBuilt(Reason.INFRASTRUCTURE, "cc1 was killed");

        plan.settle(granted(plan, "bad").id(), 0, killed);

        assertThat(news(plan)).containsEntry(new Cell("a", 0), killed);
    }

    @Test
    void aRefusedResultIsFinal() {
        WorkPlan plan = plan(1, "a/arm");
        join(plan, "w", ANY);
        join(plan, "other", ANY);
        NotBuilt refused = new NotBuilt(Reason.RESULT_REFUSED, "output too large");

        plan.settle(granted(plan, "w").id(), 0, refused);

        assertThat(news(plan)).containsEntry(new Cell("a", 0), refused);
    }

    @Test
    void learnsFromResultsThatAWorkerLacksACompiler() {
        WorkPlan plan = plan(1, "a/arm", "b/arm", "x/x86");
        join(plan, "existing", ANY);

        plan.settle(granted(plan, "existing").id(), 0, new NotBuilt(Reason.NO_TOOLCHAIN, "Tool chain error for arm"));

        assertThat(granted(plan, "existing").board().target()).isEqualTo("x");
        Map<Cell, CellOutcome> settled = news(plan);
        assertThat(settled.get(new Cell("a", 0)))
                .isEqualTo(new NotBuilt(Reason.NO_TOOLCHAIN, "Tool chain error for arm"));
        assertThat(settled.get(new Cell("b", 0)))
                .isEqualTo(new NotBuilt(Reason.NO_TOOLCHAIN, "no compiler for arm on existing"));
    }

    @Test
    void namesWhoWasAskedAndWhoWasAwayWhenNobodyCanBuild() {
        WorkPlan plan = plan(1, "a/arm");
        plan.expect("without");
        plan.expect("busy");
        plan.join("without", new Capability.Archs(Set.of("x86")), PATIENCE);
        plan.leave("without", false, "finished");
        assertThat(plan.takeNews()).isEmpty();

        plan.leave("busy", false, "load/cpus 1.20 > 0.8");

        assertThat(news(plan))
                .containsEntry(
                        new Cell("a", 0),
                        new NotBuilt(
                                Reason.NO_TOOLCHAIN, "no compiler for arm on without; busy: load/cpus 1.20 > 0.8"));
    }

    @Test
    void saysNoMachineWhenNoneEverJoined() {
        WorkPlan plan = plan(1, "a/arm");
        plan.expect("w");

        plan.leave("w", false, "Connection refused");

        assertThat(news(plan))
                .containsEntry(new Cell("a", 0), new NotBuilt(Reason.NO_MACHINE, "w: Connection refused"));
    }

    @Test
    void givingUpEndsEveryOpenCellAndEveryGrant() {
        WorkPlan plan = plan(2, "a/arm", "b/arm");
        join(plan, "w", ANY);
        Grant grant = granted(plan, "w");
        plan.settle(grant.id(), 0, OK);
        NotBuilt cancelled = new NotBuilt(Reason.CANCELLED, "stopped by the user");

        plan.giveUp(cancelled);
        plan.giveUp(new NotBuilt(Reason.DISK_FULL, "later"));

        assertThat(news(plan))
                .containsEntry(new Cell("a", 0), OK)
                .containsEntry(new Cell("a", 1), cancelled)
                .containsEntry(new Cell("b", 0), cancelled)
                .hasSize(4);
        assertThat(plan.settle(grant.id(), 1, OK)).isEqualTo(WorkPlan.Answer.STALE);
        assertThat(plan.demand("w")).isInstanceOf(Demand.Nothing.class);
    }

    @Test
    void holdsAThousandBoardsOfTenCommitsAndSettlesThemAll() {
        WorkPlan plan = new WorkPlan(
                IntStream.range(0, 1000)
                        .mapToObj(i -> Board.of("b" + i, "arch" + i % 12))
                        .toList(),
                10,
                cell -> false,
                LIMITS);
        join(plan, "w", ANY);

        for (int i = 0; i < 1000; i++) {
            Grant grant = granted(plan, "w");
            grant.commits().forEach(commit -> plan.settle(grant.id(), commit, OK));
        }

        assertThat(plan.openCells()).isZero();
        assertThat(plan.takeNews()).hasSize(10_000);
    }

    @Test
    void aGrantIsOverdueAfterSoMuchSilence() {
        WorkPlan plan = plan(2, "a/arm", "b/arm");
        join(plan, "w", ANY);
        Grant a = granted(plan, "w");
        Grant b = granted(plan, "w");

        assertThat(listened(plan, 39, b.id())).isEmpty();
        assertThat(listened(plan, 1)).containsExactly(new WorkPlan.Overdue(a.id(), "a"));
        assertThat(plan.leave("w", true, "no sign of life"))
                .containsExactly(new WorkPlan.Requeued("a", 2), new WorkPlan.Requeued("b", 2));
        assertThat(plan.settle(a.id(), 0, OK)).isEqualTo(WorkPlan.Answer.STALE);
        assertThat(listened(plan, 1000)).isEmpty();
    }

    @Test
    void aResultExtendsItsGrant() {
        WorkPlan plan = plan(2, "a/arm");
        join(plan, "w", ANY);
        Grant grant = granted(plan, "w");
        listened(plan, 39);

        plan.settle(grant.id(), 0, OK);

        assertThat(listened(plan, 39)).isEmpty();
        assertThat(listened(plan, 1)).hasSize(1);
    }

    @Test
    void aBoardThatIsAnsweredButNotClosedKeepsItsDeadline() {
        WorkPlan plan = plan(1, "a/arm");
        join(plan, "existing", ANY);
        Grant grant = granted(plan, "existing");
        plan.settle(grant.id(), 0, OK);

        assertThat(plan.listened("existing", PATIENCE, List.of(), List.of()))
                .containsExactly(new WorkPlan.Overdue(grant.id(), "a"));
        assertThat(plan.listened("existing", PATIENCE, List.of(), List.of(grant.id())))
                .isEmpty();
    }

    @Test
    void timeInWhichNobodyListenedToAWorkerIsNoSilence() {
        WorkPlan plan = plan(1, "a/arm", "b/arm");
        join(plan, "w", ANY);
        join(plan, "other", ANY);
        granted(plan, "w");
        granted(plan, "other");

        assertThat(listened(plan, 39)).isEmpty();
        assertThat(plan.listened("other", Duration.ofSeconds(39), List.of(), List.of()))
                .isEmpty();
    }

    @Test
    void aBoardThatTakesSeveralMachinesDownIsPoisonedAndTheyAreNamed() {
        WorkPlan plan = plan(2, "a/arm");
        List.of("one", "two", "three", "four").forEach(name -> join(plan, name, ANY));
        for (String name : List.of("one", "two", "three")) {
            granted(plan, name);
            plan.leave(name, true, "reset");
        }

        assertThat(news(plan).values())
                .containsOnly(new NotBuilt(
                        Reason.POISONED, "lost with one, two, three; lost 3 times, last with three: reset"));
    }

    @Test
    void inASmallFleetABoardIsPoisonedWhenAllMachinesWereLostWithIt() {
        WorkPlan plan = plan(1, "a/arm");
        join(plan, "one", ANY);
        join(plan, "two", ANY);
        join(plan, "unfit", new Capability.Archs(Set.of("x86")));
        granted(plan, "one");
        plan.leave("one", true, "reset");
        granted(plan, "two");

        plan.leave("two", true, "reset");

        assertThat(news(plan).values())
                .containsOnly(new NotBuilt(Reason.POISONED, "lost with one, two; lost 2 times, last with two: reset"));
    }

    @Test
    void aBoardOnTheBrinkIsBuiltWithoutAnotherOneBesideIt() {
        WorkPlan plan = plan(1, "bad/arm", "bystander/arm", "other/arm");
        List.of("one", "two", "three", "four").forEach(name -> join(plan, name, ANY));
        for (String name : List.of("one", "two")) {
            assertThat(granted(plan, name).board().target()).isEqualTo("bad");
            assertThat(granted(plan, name).board().target()).isEqualTo("bystander");
            plan.leave(name, true, "reset");
        }

        assertThat(granted(plan, "three").board().target()).isEqualTo("bad");
        assertThat(granted(plan, "three").board().target()).isEqualTo("other");
        assertThat(plan.demand("three")).isInstanceOf(Demand.Wait.class);
        assertThat(granted(plan, "four").board().target()).isEqualTo("bystander");
        plan.leave("three", true, "reset");

        assertThat(news(plan).keySet()).containsExactly(new Cell("bad", 0));
    }

    @Test
    void aCellThatIsBuiltBeginsTheCountOfItsBoardsLossesAnew() {
        WorkPlan plan = plan(4, "a/arm");
        plan.expect("w");
        for (int commit = 0; commit < 4; commit++) {
            plan.join("w", ANY, PATIENCE);
            Grant grant = granted(plan, "w");
            assertThat(grant.commits().get(0)).isEqualTo(commit);
            plan.settle(grant.id(), commit, OK);
            plan.leave("w", true, "reset");
        }

        assertThat(news(plan).values()).containsOnly(OK).hasSize(4);
    }

    @Test
    void aBoardThatWasLostGoesToAnotherMachineIfOneIsIdle() {
        WorkPlan plan = plan(1, "a/arm");
        join(plan, "one", ANY);
        join(plan, "two", ANY);
        granted(plan, "one");
        plan.demand("two");
        plan.leave("one", true, "reset");
        plan.join("one", ANY, PATIENCE);

        assertThat(plan.demand("one")).isInstanceOf(Demand.Wait.class);
        assertThat(granted(plan, "two").board().target()).isEqualTo("a");
    }

    @Test
    void aMachineThatFailsBoardsInARowIsStoppedAndTriedWithOneAtATime() {
        WorkPlan plan = plan(1, "a/arm", "b/arm", "c/arm", "d/arm", "e/arm", "f/arm");
        join(plan, "full", ANY);
        join(plan, "good", ANY);
        NotBuilt full = new NotBuilt(Reason.DISK_FULL, "12 MiB free");
        List<Grant> grants = List.of(granted(plan, "full"), granted(plan, "full"), granted(plan, "full"));

        grants.forEach(grant -> plan.settle(grant.id(), 0, full));

        assertThat(plan.takeStopped())
                .containsExactly(new WorkPlan.Stopped("full", 2, Optional.of(Duration.ofSeconds(1)), "12 MiB free"));
        assertThat(plan.demand("full")).isInstanceOf(Demand.Wait.class);

        plan.resume("full");
        Grant trial = granted(plan, "full");
        assertThat(plan.demand("full")).isInstanceOf(Demand.Wait.class);
        plan.settle(trial.id(), 0, OK);
        assertThat(granted(plan, "full").board().target()).isEqualTo("e");
        assertThat(granted(plan, "full").board().target()).isEqualTo("f");
    }

    @Test
    void aMachineThatGoesOnFailingGetsNoMoreBoards() {
        WorkPlan plan =
                plan(1, IntStream.range(0, 20).mapToObj(i -> "b" + i + "/arm").toArray(String[]::new));
        join(plan, "full", ANY);
        NotBuilt full = new NotBuilt(Reason.DISK_FULL, "12 MiB free");
        for (int i = 0; i < 6; i++) {
            plan.resume("full");
            plan.settle(granted(plan, "full").id(), 0, full);
        }

        assertThat(plan.takeStopped())
                .endsWith(new WorkPlan.Stopped("full", 6, Optional.empty(), "12 MiB free"))
                .hasSize(5);
        assertThat(plan.demand("full")).isInstanceOf(Demand.Nothing.class);
        assertThat(news(plan))
                .containsEntry(
                        new Cell("b19", 0),
                        new NotBuilt(Reason.NO_MACHINE, "full: failed 6 boards in a row, last: 12 MiB free"))
                .hasSize(20);
    }

    private static List<WorkPlan.Overdue> listened(WorkPlan plan, long seconds, Long... heardOf) {
        return plan.listened("w", Duration.ofSeconds(seconds), List.of(heardOf), List.of());
    }

    private static WorkPlan plan(int commits, String... boards) {
        List<Board> list = List.of(boards).stream()
                .map(text -> text.split("/", -1))
                .map(parts -> Board.of(parts[0], parts[1]))
                .toList();
        return new WorkPlan(list, commits, cell -> false, LIMITS);
    }

    private static void join(WorkPlan plan, String worker, Capability capability) {
        plan.expect(worker);
        plan.join(worker, capability, PATIENCE);
    }

    private static Grant granted(WorkPlan plan, String worker) {
        Demand demand = plan.demand(worker);
        assertThat(demand).isInstanceOf(Demand.Granted.class);
        return ((Demand.Granted) demand).grant();
    }

    /** Fails if a cell has two outcomes. */
    private static Map<Cell, CellOutcome> news(WorkPlan plan) {
        return plan.takeNews().stream().collect(Collectors.toMap(WorkPlan.Settled::cell, WorkPlan.Settled::outcome));
    }
}
