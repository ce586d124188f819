package dev.buildboss.plan;

import static dev.buildboss.plan.Plans.ANY;
import static dev.buildboss.plan.Plans.LIMITS;
import static dev.buildboss.plan.Plans.OK;
import static dev.buildboss.plan.Plans.granted;
import static dev.buildboss.plan.Plans.join;
import static dev.buildboss.plan.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Confirmation;
import dev.buildboss.model.Confirmation.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfirmedFailuresTest {

    private static final CellOutcome FAILED = new Built(Kind.FAILED, 2);
    private static final Cell CELL = new Cell("a", 0);

    private static WorkPlan started(int commits, String... workers) {
        WorkPlan plan = plan(commits, "a/arm");
        plan.confirmFailures();
        for (String worker : workers) {
            join(plan, worker, ANY);
        }
        return plan;
    }

    private static WorkPlan.Settled only(WorkPlan plan) {
        List<WorkPlan.Settled> news = plan.takeNews();
        assertThat(news).hasSize(1);
        return news.get(0);
    }

    private static void verdict(WorkPlan plan, Verdict verdict, CellOutcome outcome) {
        WorkPlan.Settled settled = only(plan);
        assertThat(settled.outcome()).isEqualTo(outcome);
        assertThat(settled.confirmation().map(Confirmation::verdict)).contains(verdict);
        assertThat(plan.openCells()).isZero();
    }

    @Test
    void buildsAFirstFailureAgainOnAnotherMachine() {
        WorkPlan plan = started(1, "one", "two");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);

        assertThat(plan.takeNews()).isEmpty();
        assertThat(plan.takeDoubted()).containsExactly(new WorkPlan.Doubted(CELL, Confirmation.open("one", 2)));
        assertThat(plan.demand("one")).isInstanceOf(Demand.Wait.class);
        Grant again = granted(plan, "two");
        assertThat(again.confirms()).contains(Confirmation.open("one", 2));
        plan.settle(again.id(), 0, FAILED, true);

        verdict(plan, Verdict.CODE, FAILED);
    }

    @Test
    void triesWhereItFailedIfItIsBuiltElsewhereAndBlamesTheMachineIfItFailsThereAgain() {
        WorkPlan plan = started(1, "one", "two");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);
        plan.settle(granted(plan, "two").id(), 0, OK, true);

        assertThat(plan.takeNews()).isEmpty();
        assertThat(plan.demand("two")).isInstanceOf(Demand.Nothing.class);
        Grant there = granted(plan, "one");
        assertThat(there.confirms().map(Confirmation::again)).contains("two");
        plan.settle(there.id(), 0, FAILED, true);

        verdict(plan, Verdict.MACHINE, OK);
    }

    @Test
    void callsItAFlakeIfItIsBuiltWhereItFailed() {
        WorkPlan plan = started(1, "one", "two");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);
        plan.settle(granted(plan, "two").id(), 0, OK, true);
        plan.settle(granted(plan, "one").id(), 0, OK, true);

        verdict(plan, Verdict.FLAKE, OK);
    }

    @Test
    void saysFlakeOrMachineIfTheMachineIsGone() {
        WorkPlan plan = started(1, "one", "two");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);
        Grant again = granted(plan, "two");
        plan.leave("one", false, "off");
        plan.settle(again.id(), 0, OK, true);

        verdict(plan, Verdict.FLAKE_OR_MACHINE, OK);
    }

    @Test
    void buildsItAgainOnTheSameMachineIfThereIsNoOther() {
        WorkPlan plan = started(1, "one");
        Grant first = granted(plan, "one");
        assertThat(plan.demand("one")).as("another slot of it").isInstanceOf(Demand.Wait.class);
        plan.settle(first.id(), 0, FAILED, true);
        plan.settle(granted(plan, "one").id(), 0, OK, true);

        WorkPlan.Settled settled = only(plan);
        assertThat(settled.confirmation().map(Confirmation::isOnOneMachine)).contains(true);
        assertThat(settled.confirmation().map(Confirmation::verdict)).contains(Verdict.FLAKE);
    }

    @Test
    void givesItToTheSameMachineOnceTheOthersAreLost() {
        WorkPlan plan = started(1, "one", "two");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);
        granted(plan, "two");
        plan.leave("two", false, "off");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);

        verdict(plan, Verdict.CODE, FAILED);
    }

    @Test
    void goesOnWithTheBoardMeanwhileAndNeverHasItTwiceOnOneConnection() {
        WorkPlan plan = started(2, "one");
        Grant first = granted(plan, "one");
        plan.settle(first.id(), 0, FAILED, true);

        assertThat(plan.demand("one")).isInstanceOf(Demand.Wait.class);
        plan.settle(first.id(), 1, OK, true);
        Grant again = granted(plan, "one");
        assertThat(again.commits()).containsExactly(0);
    }

    @Test
    void laterFailuresWaitForTheVerdictAndCountIfItIsTheSource() {
        WorkPlan plan = started(3, "one", "two");
        Grant first = granted(plan, "one");
        plan.settle(first.id(), 0, FAILED, true);
        plan.settle(first.id(), 1, FAILED, true);
        plan.settle(first.id(), 2, FAILED, true);
        assertThat(plan.takeNews()).isEmpty();

        plan.settle(granted(plan, "two").id(), 0, FAILED, true);

        assertThat(plan.takeNews())
                .extracting(
                        s -> s.cell().commit(),
                        WorkPlan.Settled::outcome,
                        s -> s.confirmation().isPresent())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0, FAILED, true),
                        org.assertj.core.groups.Tuple.tuple(1, FAILED, false),
                        org.assertj.core.groups.Tuple.tuple(2, FAILED, false));
    }

    @Test
    void laterFailuresAreDoubtedThemselvesIfTheFirstWasNotTheSources() {
        WorkPlan plan = started(2, "one", "two");
        Grant first = granted(plan, "one");
        plan.settle(first.id(), 0, FAILED, true);
        plan.settle(first.id(), 1, FAILED, true);
        plan.settle(granted(plan, "two").id(), 0, OK, true);
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);
        assertThat(only(plan).confirmation().map(Confirmation::verdict)).contains(Verdict.MACHINE);

        assertThat(granted(plan, "two").commits()).containsExactly(1);
    }

    @Test
    void takesAFailureThatIsPlainOrFollowsOneOfBeforeAsItIs() {
        WorkPlan plan = new WorkPlan(List.of(Board.of("a", "arm")), 3, cell -> cell.commit() == 0, LIMITS);
        plan.confirmFailures();
        plan.failedBefore(CELL);
        join(plan, "one", ANY);
        Grant grant = granted(plan, "one");
        plan.settle(grant.id(), 1, FAILED, true);
        plan.settle(grant.id(), 2, FAILED, false);

        assertThat(plan.takeNews())
                .extracting(WorkPlan.Settled::confirmation)
                .containsExactly(Optional.empty(), Optional.empty());
        assertThat(plan.openCells()).isZero();
    }

    @Test
    void endsWithTheFailureIfTheRunIsStopped() {
        WorkPlan plan = started(1, "one", "two");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);
        plan.giveUp(new NotBuilt(Reason.CANCELLED, "stopped"));

        verdict(plan, Verdict.OPEN, FAILED);
    }

    @Test
    void endsWithTheFailureIfNobodyCanBuildItAgain() {
        WorkPlan plan = started(1, "one", "two");
        plan.settle(granted(plan, "one").id(), 0, FAILED, true);
        plan.settle(granted(plan, "two").id(), 0, new NotBuilt(Reason.INFRASTRUCTURE, "killed"), false);
        plan.settle(granted(plan, "one").id(), 0, new NotBuilt(Reason.INFRASTRUCTURE, "killed"), false);

        verdict(plan, Verdict.OPEN, FAILED);
    }
}
