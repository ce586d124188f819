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
import java.util.Random;
import java.util.stream.Collectors;

/** Plans for tests, and short words for what is done with them. */
final class Plans {

    static final Capability ANY = new Capability.Any();
    static final CellOutcome OK = new Built(Kind.OK, 0);
    static final Duration PATIENCE = Duration.ofSeconds(40);
    static final PlanLimits LIMITS = new PlanLimits(3, 3, 6, Duration.ofSeconds(1), Duration.ofSeconds(30));

    private Plans() {}

    static WorkPlan plan(int commits, String... boards) {
        List<Board> list = List.of(boards).stream()
                .map(text -> text.split("/", -1))
                .map(parts -> Board.of(parts[0], parts[1]))
                .toList();
        return new WorkPlan(list, commits, cell -> false, LIMITS);
    }

    static void join(WorkPlan plan, String worker, Capability capability) {
        plan.expect(worker);
        plan.join(worker, capability, PATIENCE);
    }

    static Grant granted(WorkPlan plan, String worker) {
        Demand demand = plan.demand(worker);
        assertThat(demand).isInstanceOf(Demand.Granted.class);
        return ((Demand.Granted) demand).grant();
    }

    /** Fails if a cell has two outcomes. */
    static Map<Cell, CellOutcome> news(WorkPlan plan) {
        return plan.takeNews().stream().collect(Collectors.toMap(WorkPlan.Settled::cell, WorkPlan.Settled::outcome));
    }

    /** Each board's first commit takes from 5 to 104 s, others a third of that; the same each time. */
    static Estimates estimates(Random random) {
        long salt = random.nextLong();
        return new Estimates() {
            @Override
            public Estimates.Work first(Board board, int commit) {
                double total = 5 + new Random(salt + board.target().hashCode()).nextInt(100);
                return new Estimates.Work(total, total / 8);
            }

            @Override
            public Estimates.Work next(Board board, int commit) {
                double total = first(board, 0).total() / 3;
                return new Estimates.Work(total, total / 8);
            }
        };
    }

    /** A machine of any power, or of one that isn't known. */
    static Power power(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Power.UNKNOWN;
            case 1 -> new Power(1 + random.nextInt(8), 1, 4, false);
            default -> new Power(1 + random.nextInt(8), 0.5 + random.nextDouble(), 4, true);
        };
    }

    /** Whatever a worker may say of a cell; {@code doubts}: mostly that it failed. */
    static CellOutcome anyOutcome(Random random, boolean doubts) {
        return switch (random.nextInt(12)) {
            case 0 -> new NotBuilt(Reason.INFRASTRUCTURE, "killed");
            case 1 -> new NotBuilt(Reason.NO_TOOLCHAIN, "none");
            case 2 -> new NotBuilt(Reason.RESULT_REFUSED, "too large");
            case 3 -> new NotBuilt(Reason.DISK_FULL, "full");
            case 4 -> new Built(Kind.FAILED, 2);
            case 5, 6, 7 -> new Built(doubts ? Kind.FAILED : Kind.OK, doubts ? 2 : 0);
            default -> new Built(Kind.OK, 0);
        };
    }
}
