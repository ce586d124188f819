package dev.buildboss.plan;

import static dev.buildboss.plan.Plans.ANY;
import static dev.buildboss.plan.Plans.LIMITS;
import static dev.buildboss.plan.Plans.PATIENCE;
import static dev.buildboss.plan.Plans.granted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates.Work;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines that take fewer boards at once than their cores could do with. */
class PlacementBySlotsTest {

    private static final Work BOARD = new Work(60, 7);

    @Test
    void leavesBoardsToASmallMachineWhereTheyWouldFollowOneAnotherOnALargeOne() {
        List<Board> boards =
                IntStream.range(0, 10).mapToObj(i -> Board.of("b" + i, "arm")).toList();
        WorkPlan plan = new WorkPlan(boards, 1, cell -> false, LIMITS, Placement.predictedFinish(), Estimates.EVEN);
        plan.join("large", ANY, PATIENCE, new Power(64, 1, 1, true));
        plan.join("small", ANY, PATIENCE, new Power(8, 1, 8, true));

        granted(plan, "large");

        // One after the other the large one takes 7.8 s for each of ten; the small one does four in 30 s.
        int small = 0;
        while (plan.demand("small") instanceof Demand.Granted) {
            small++;
        }
        assertThat(small).isBetween(1, 5);
    }

    @Test
    void boardsOfAMachineWithOneSlotFollowOneAnother() {
        Fleet.Seat seat = seat(new Power(8, 1, 1, true), 3);

        double alone = 7 + 53 / 8.0;
        assertThat(seat.end()).isCloseTo(3 * alone, within(1e-9));
        assertThat(seat.own(BOARD)).isCloseTo(4 * alone, within(1e-9));
        assertThat(seat.rate(60, 7)).isCloseTo(60 / alone, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 100})
    void moreSlotsThanKeepAllCoresBusyChangeNothing(int slots) {
        Fleet.Seat seat = seat(new Power(8, 1, slots, true), 3);

        assertThat(seat.end()).isEqualTo(180 / 8.0);
        assertThat(seat.own(BOARD)).isEqualTo(240 / 8.0);
        assertThat(seat.rate(60, 7)).isEqualTo(8);
    }

    private static Fleet.Seat seat(Power power, int boards) {
        WorkerState worker = new WorkerState("m", LIMITS);
        worker.power = power;
        Fleet.Seat seat = new Fleet.Seat(worker, 0);
        for (int i = 0; i < boards; i++) {
            seat.take(BOARD);
        }
        return seat;
    }
}
