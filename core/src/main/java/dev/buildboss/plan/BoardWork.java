package dev.buildboss.plan;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.plan.Estimates.Work;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A board's row of the matrix, and what became of it so far; {@link WorkPlan} keeps it. */
final class BoardWork {

    /** The order in which boards wait: the most work first, then as they were given. */
    static final Comparator<BoardWork> LONGEST_FIRST = Comparator.comparingDouble(
                    (BoardWork work) -> -work.waiting.total())
            .thenComparingInt(work -> work.order);

    final int order;
    final Board board;
    /** Commits without an outcome. */
    final BitSet open = new BitSet();
    /** Commits that were built, in this run or before, and did not fail. */
    final BitSet passed = new BitSet();
    /** Commits that were built and failed. */
    final BitSet failed = new BitSet();
    /** Commits that failed and whose failure is not confirmed yet. */
    final BitSet doubted = new BitSet();
    /** Machines that said that they failed it. */
    final Set<String> failedOn = new HashSet<>(0);
    /** Machines that were lost while they had it, since its last cell was built. */
    final Set<String> lostWith = new LinkedHashSet<>(0);
    /** The grants of it that are out, each with another worker. */
    final List<Out> outs = new ArrayList<>(1);
    /** The work of what nobody has; changed only while it does not wait, as it is ordered by this. */
    Work waiting = Work.NOTHING;
    /** Whether cells of it were taken out of it to be built again. */
    boolean isBuiltAgain;
    /** Whether it waits. */
    boolean isQueued;

    Optional<NotBuilt> lastFailure = Optional.empty();
    String lastLoss = "";
    int losses;

    private final Optional<Recheck> recheck;

    BoardWork(int order, Board board) {
        this(order, board, Optional.empty());
    }

    /** A row of one cell that failed and is built again. */
    BoardWork(int order, Board board, Optional<Recheck> recheck) {
        this.order = order;
        this.board = board;
        this.recheck = recheck;
        recheck.ifPresent(again -> open.set(again.commit));
    }

    /** Why it is built again; empty: it is a board's own row. */
    Optional<Recheck> recheck() {
        return recheck;
    }

    /** The board's own row, which may be this one. */
    BoardWork own() {
        return recheck.map(again -> again.origin).orElse(this);
    }

    /** Whether it is not for a worker: one that failed it, or that is not to confirm it. */
    boolean refuses(String worker) {
        return failedOn.contains(worker)
                || recheck.filter(again -> again.refuses(worker)).isPresent();
    }

    /** A commit was built. */
    void built(int commit, Built outcome) {
        boolean isFailed = outcome.kind() == Kind.FAILED;
        failed.set(commit, isFailed);
        passed.set(commit, !isFailed);
    }

    /** The last commit before one of which it is known how its build went; −1: none. */
    int knownBefore(int commit) {
        return Math.max(
                doubted.previousSetBit(commit - 1),
                Math.max(failed.previousSetBit(commit - 1), passed.previousSetBit(commit - 1)));
    }

    String target() {
        return board.target();
    }

    /** Open commits that nobody has. */
    BitSet unasked() {
        BitSet result = (BitSet) open.clone();
        outs.forEach(out -> result.andNot(out.asked));
        return result;
    }

    boolean isOutAt(WorkerState worker) {
        for (Out out : outs) {
            if (out.worker == worker) {
                return true;
            }
        }
        return false;
    }

    /** What these commits cost who has nothing of the board yet. */
    static Work cost(Board board, BitSet commits, Estimates estimates) {
        int first = commits.nextSetBit(0);
        if (first < 0) {
            return Work.NOTHING;
        }
        Work fresh = estimates.first(board, first);
        double total = fresh.total();
        double serial = fresh.serial();
        for (int commit = commits.nextSetBit(first + 1); commit >= 0; commit = commits.nextSetBit(commit + 1)) {
            Work next = estimates.next(board, commit);
            total += next.total();
            serial += next.serial();
        }
        return new Work(total, serial);
    }

    /** A cell of it was built: whatever machine is lost now, another cell is what it had at work. */
    void progressed() {
        losses = 0;
        lostWith.clear();
    }

    /** A machine that had it was lost. */
    void lost(String worker, String reason) {
        losses++;
        lostWith.add(worker);
        lastLoss = "lost " + losses + " times, last with " + worker + ": " + reason;
    }

    /**
     * Whether enough different machines were lost with it: so many, or in a smaller fleet all that could build it. One alone proves
     * nothing.
     */
    boolean isPoisoned(int poisonAfter, Collection<WorkerState> workers) {
        return lostWith.size() >= poisonAfter
                || (lostWith.size() > 1
                        && workers.stream()
                                .noneMatch(state -> state.mayStillBuild(this) && !lostWith.contains(state.name)));
    }

    /** One loss more, and that is the end of it. */
    boolean isSuspect(PlanLimits limits) {
        return (lostWith.size() > 1 && lostWith.size() + 1 >= limits.poisonAfter())
                || (losses > 0 && losses + 1 >= limits.maxAttempts());
    }
}
