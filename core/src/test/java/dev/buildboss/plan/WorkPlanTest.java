package dev.buildboss.plan;

import static dev.buildboss.plan.Plans.ANY;
import static dev.buildboss.plan.Plans.LIMITS;
import static dev.buildboss.plan.Plans.OK;
import static dev.buildboss.plan.Plans.PATIENCE;
import static dev.buildboss.plan.Plans.granted;
import static dev.buildboss.plan.Plans.join;
import static dev.buildboss.plan.Plans.news;
import static dev.buildboss.plan.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkPlanTest {

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
}
