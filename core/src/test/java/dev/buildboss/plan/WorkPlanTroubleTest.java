package dev.buildboss.plan;

import static dev.buildboss.plan.Plans.ANY;
import static dev.buildboss.plan.Plans.OK;
import static dev.buildboss.plan.Plans.PATIENCE;
import static dev.buildboss.plan.Plans.granted;
import static dev.buildboss.plan.Plans.join;
import static dev.buildboss.plan.Plans.news;
import static dev.buildboss.plan.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Machines that are silent, lost or fail what they are given. */
class WorkPlanTroubleTest {

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
    void aBoardOnItsLastAttemptIsBuiltWithoutAnotherOneBesideItAlsoWhereOneMachineWasLostEachTime() {
        WorkPlan plan = plan(1, "bad/arm", "bystander/arm");
        for (int time = 0; time < 2; time++) {
            join(plan, "one", ANY);
            assertThat(granted(plan, "one").board().target()).isEqualTo("bad");
            assertThat(granted(plan, "one").board().target()).isEqualTo("bystander");
            plan.leave("one", true, "reset");
        }
        join(plan, "one", ANY);

        assertThat(granted(plan, "one").board().target()).isEqualTo("bad");
        assertThat(plan.demand("one")).isInstanceOf(Demand.Wait.class);
        plan.leave("one", true, "reset");

        assertThat(news(plan).keySet()).containsExactly(new Cell("bad", 0));
        join(plan, "one", ANY);
        Grant last = granted(plan, "one");
        plan.settle(last.id(), 0, OK);
        assertThat(news(plan)).containsExactly(Map.entry(new Cell("bystander", 0), OK));
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
}
