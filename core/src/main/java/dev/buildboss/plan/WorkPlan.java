package dev.buildboss.plan;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.Confirmation;
import dev.buildboss.plan.WorkerState.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The matrix of a run: which cells are open, who has which board until when, and how each cell ended.
 *
 * <p>Every cell is open until {@link #settle} (or a rule of this class) gives it its one outcome. A worker has commits of a board
 * by a grant with an id and a deadline that signs of life and results extend; what has no result goes back when the worker is lost
 * or lets the deadline go by, and when it says that the machine failed it. Which board goes where is the {@link Placement}'s to
 * say. It may split a board among workers and have a cell built twice: the first result wins, and {@link #takeRecalls} tells what
 * the others are to leave.
 *
 * <p>What keeps trouble bounded: a cell is lost with {@code maxAttempts} machines at most; one that {@code poisonAfter} different
 * machines were lost with is poisoned. Before either verdict it is built without another such board beside it, so that the
 * right one is blamed; a machine that fails boards in a row is stopped ({@link Health}).
 *
 * <p>Time comes in by {@link #listened}. Not safe for threads; {@code BoardPool} owns it.
 */
public final class WorkPlan {

    /** What {@link #settle} says of an answer. */
    public enum Answer {
        /** The cell has its outcome now (or stays open for another machine). */
        ACCEPTED,
        /** The grant is over, or the cell had its answer before. */
        STALE,
        /** The grant does not hold that commit. */
        NOT_LEASED
    }

    /**
     * A cell that just got its outcome.
     *
     * @param confirmation what building it again told of its failure; empty if it wasn't
     * @param worker who built it before, if its outcome is an answer of before that was in doubt till now; else empty
     */
    public record Settled(
            Cell cell, CellOutcome outcome, Optional<Confirmation> confirmation, Optional<String> worker) {
        /** One that was never in doubt. */
        public Settled(Cell cell, CellOutcome outcome) {
            this(cell, outcome, Optional.empty(), Optional.empty());
        }
    }

    /** A worker's answer that does not settle its cell: a failure in doubt, or another build of one. */
    public record Unsettled(Cell cell, String worker, Built outcome) {}

    /** A cell that failed, and is built again before that counts. */
    public record Doubted(Cell cell, Confirmation known) {}

    /** A board that is to be built by somebody else now. */
    public record Requeued(String board, int cells) {}

    /** A grant whose deadline is over. */
    public record Overdue(long grant, String board) {}

    /** A machine that failed boards in a row gets none until {@link #resume}, or none any more ({@code pause} is empty). */
    public record Stopped(String worker, int failures, Optional<Duration> pause, String last) {}

    /**
     * Commits that a worker is not to build any more.
     *
     * @param begun whether the one that is being built is to be ended too
     */
    public record Recall(long grant, String worker, String board, List<Integer> commits, boolean begun) {
        /** Copies the list. */
        public Recall {
            commits = List.copyOf(commits);
        }
    }

    private final Books books;
    private final Answers answers;
    private final Dealer dealer;

    /** A plan for boards × commits that go out whole, in that order, to whoever asks. */
    public WorkPlan(List<Board> boards, int commits, Predicate<Cell> alreadyBuilt, PlanLimits limits) {
        this(boards, commits, alreadyBuilt, limits, Placement.firstCome(), Estimates.NONE);
    }

    /**
     * A plan for boards × commits.
     *
     * @param boards in the order in which they go out, as far as nothing else is known
     * @param commits how many commits the series has
     * @param alreadyBuilt cells that are not part of the work
     * @param limits how much failure of machines it puts up with
     * @param placement which board goes where
     * @param estimates what builds are expected to cost
     */
    public WorkPlan(
            List<Board> boards,
            int commits,
            Predicate<Cell> alreadyBuilt,
            PlanLimits limits,
            Placement placement,
            Estimates estimates) {
        books = new Books(requireNonNull(limits, "limits"), requireNonNull(estimates, "estimates"));
        answers = new Answers(books);
        dealer = new Dealer(books, requireNonNull(placement, "placement"), answers);
        boards.forEach(board -> books.add(board, commits, alreadyBuilt));
    }

    /** The time, in milliseconds from any beginning: what follows happens then. Only predictions depend on it. */
    public void at(long nowMs) {
        books.nowMs = nowMs;
    }

    /** Failures may be doubtful: no worker is sent home before it is known that none of them is to be built again. */
    public void confirmFailures() {
        books.rechecks.begin();
    }

    /** A cell that is not part of the work had failed. */
    public void failedBefore(Cell cell) {
        books.failedBefore(cell);
    }

    // ---- workers ----

    /** Announces a worker that may join: nothing is given up as long as it may. */
    public void expect(String worker) {
        books.expect(worker);
    }

    /** Announces a worker of which it is known what it can do. */
    public void expect(String worker, Power power) {
        books.expect(worker).power = power;
    }

    /** It turned out what a worker can do that is not there yet, or not any more. */
    public void learn(String worker, Power power) {
        WorkerState state = books.stateOf(worker);
        if (state.presence == Presence.EXPECTED) {
            state.power = power;
        }
    }

    /** A worker of which nothing more is known is ready to build. */
    public void join(String worker, Capability capability, Duration patience) {
        join(worker, capability, patience, Power.UNKNOWN);
    }

    /**
     * A worker is ready to build.
     *
     * @param patience the silence about a board after which its grant is over
     * @param power what it can do at once
     */
    public void join(String worker, Capability capability, Duration patience, Power power) {
        WorkerState state = books.stateOf(worker);
        state.power = power;
        state.known = null;
        state.wasThere = true;
        state.isDismissed = false;
        state.presence = Presence.JOINED;
        state.capability = Optional.of(capability);
        state.leases.patience(patience);
        books.endHopeless();
    }

    /**
     * A worker is gone; its boards go back, or end when their attempts are used up.
     *
     * @param comesBack whether it will try to join again
     * @param reason in words
     */
    public List<Requeued> leave(String worker, boolean comesBack, String reason) {
        WorkerState state = books.stateOf(worker);
        state.presence = comesBack ? Presence.EXPECTED : Presence.GONE;
        books.changes++; // what was held back for it need not be any more
        state.idle = false;
        state.leases.closeAll();
        state.closing.clear();
        if (!state.health.isGivenUp()) {
            state.goneReason = reason;
        }
        List<Requeued> back = new ArrayList<>();
        for (Out out : List.copyOf(state.out.values())) {
            answers.lose(out, reason).ifPresent(back::add);
        }
        books.endHopeless();
        return back;
    }

    /**
     * A worker was listened to for so long, and these boards of it were heard of, or closed, meanwhile. Deadlines are told in that
     * time and no other: lines that wait here unread, as when this computer's disk is slow or the boss itself was stopped, are no
     * silence of the worker's.
     *
     * @param heardOf grants with a sign of life; those that are over, or not this worker's, are passed over
     * @param closed grants of which its connection expects nothing more
     * @return grants that are overdue, each time anew: their worker is to {@link #leave}
     */
    public List<Overdue> listened(String worker, Duration time, Collection<Long> heardOf, Collection<Long> closed) {
        WorkerState state = books.stateOf(worker);
        closed.forEach(grant -> close(state, grant));
        return state.leases.pass(time, heardOf);
    }

    /** The connection expects nothing more of that grant: its board may go to that worker again. */
    public void closed(String worker, long grant) {
        close(books.stateOf(worker), grant);
    }

    private void close(WorkerState state, long grant) {
        state.leases.close(grant);
        if (state.closing.remove(grant) != null) {
            books.changes++; // it may have that board again
        }
    }

    /** A machine that was stopped may have boards again. */
    public void resume(String worker) {
        books.stateOf(worker).health.resume();
        books.changes++;
    }

    // ---- boards ----

    /** A worker has a free slot. */
    public Demand demand(String worker) {
        return books.known(worker).map(dealer::demand).orElseGet(Demand.Nothing::new);
    }

    /**
     * A worker's answer about one cell of a grant.
     *
     * <p>A machine's own failure (any {@link NotBuilt} that is worth another try) keeps the cell open for another machine, if
     * there is one.
     */
    public Answer settle(long grantId, int commit, CellOutcome outcome) {
        return settle(grantId, commit, outcome, false);
    }

    /**
     * The same.
     *
     * @param doubtful whether it is a failure that counts only if it is confirmed: the board's first is built again then, on
     *     another machine if one can, and {@link #takeDoubted} names it
     */
    public Answer settle(long grantId, int commit, CellOutcome outcome, boolean doubtful) {
        return answers.settle(grantId, commit, outcome, doubtful);
    }

    /** Ends all open cells, as when the user stops the run or the disk is full; grants are over. */
    public void giveUp(NotBuilt why) {
        books.endAll(why);
    }

    /** After how long workers that wait are worth asking about again though nothing happened; empty: never. */
    public Optional<Duration> askAgain() {
        return dealer.askAgain();
    }

    // ---- what became of it ----

    /** Outcomes since the last call, in order. */
    public List<Settled> takeNews() {
        return books.takeNews();
    }

    /** Answers that settled nothing, since the last call. */
    public List<Unsettled> takeUnsettled() {
        return books.rechecks.takeUnsettled();
    }

    /** Failures that are built again, since the last call. */
    public List<Doubted> takeDoubted() {
        return books.rechecks.takeDoubted();
    }

    /** Machines that were stopped since the last call. */
    public List<Stopped> takeStopped() {
        return answers.takeStopped();
    }

    /** What workers are to leave, since the last call. */
    public List<Recall> takeRecalls() {
        return answers.takeRecalls();
    }

    /** Cells without an outcome. */
    public int openCells() {
        return books.openCells();
    }

    /** Whether a grant is still out: neither answered in full nor taken back. */
    public boolean isOut(long grantId) {
        return books.granted().containsKey(grantId);
    }
}
