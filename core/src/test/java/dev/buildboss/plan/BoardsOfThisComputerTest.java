package dev.buildboss.plan;

import static dev.buildboss.plan.Plans.LIMITS;
import static dev.buildboss.plan.Plans.PATIENCE;
import static dev.buildboss.plan.Plans.granted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this computer gets first where it takes one board at a time, and one of them can be built here and nowhere else. */
class BoardsOfThisComputerTest {

    private static final Capability HERE = new Capability.Archs(Set.of(Board.HERE));
    private static final Power ONE_AT_ONCE = new Power(4, 1, 1, true);

    /** The first board is built here and nowhere else; each takes so many core-seconds, 60 if nothing is said. */
    private static WorkPlan plan(Placement placement, Map<String, Integer> costs) {
        Estimates estimates = new Estimates() {
            @Override
            public Work first(Board board, int commit) {
                int cost = costs.getOrDefault(board.target(), 60);
                return new Work(cost, cost * 0.12);
            }

            @Override
            public Work next(Board board, int commit) {
                return first(board, commit);
            }
        };
        List<Board> boards = List.of(Board.of("mine", Board.HERE), Board.of("one", ""), Board.of("two", ""));
        return new WorkPlan(boards, 1, cell -> false, LIMITS, placement, estimates);
    }

    private static String given(WorkPlan plan, String worker) {
        return granted(plan, worker).board().target();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thisComputersOnlySlotIsForWhatNobodyElseCanBuild(boolean predicts) {
        WorkPlan plan =
                plan(predicts ? Placement.predictedFinish() : Placement.firstCome(), Map.of("one", 600, "mine", 6));
        plan.expect("local");
        plan.expect("far");
        plan.join("local", HERE, PATIENCE, ONE_AT_ONCE);

        assertThat(given(plan, "local")).isEqualTo("mine");
    }

    @Test
    void whyItIsNotBuiltIsWhatBecameOfThisComputer() {
        WorkPlan plan = plan(Placement.predictedFinish(), Map.of());
        plan.expect("local");
        plan.join("far", new Capability.Archs(Set.of("")), PATIENCE);
        plan.leave("local", false, "the disk is full");

        assertThat(plan.takeNews())
                .extracting(WorkPlan.Settled::outcome)
                .containsExactly(new NotBuilt(Reason.NO_MACHINE, "local: the disk is full"));
    }

    /** It could build all, as far as is known. */
    @Test
    void isNotKeptBackForAStrongerMachineOnItsWay() {
        WorkPlan plan = plan(Placement.predictedFinish(), Map.of());
        plan.expect("far");
        plan.expect("local");
        plan.learn("far", new Power(16, 1, 16, false));
        plan.join("local", HERE, PATIENCE, ONE_AT_ONCE);

        assertThat(given(plan, "local")).isEqualTo("mine");
    }
}
