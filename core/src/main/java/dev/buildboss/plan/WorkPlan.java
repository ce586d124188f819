package dev.buildboss.plan;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.plan.WorkerState.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * machines were lost with is poisoned, and before that verdict it is built without another such board beside it, so that the
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

    /** A cell that just got its outcome. */
    public record Settled(Cell cell, CellOutcome outcome) {}

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

    /** How long an answer of the placement that is "nothing now" holds, as long as no board comes back. */
    private static final long HOLD_MS = 500;

    private final PlanLimits limits;
    private final Placement placement;
    private final Estimates estimates;
    private final List<BoardWork> all = new ArrayList<>();
    private final WaitingBoards waiting = new WaitingBoards();
    private final Map<Long, Out> granted = new HashMap<>();
    private final Map<String, WorkerState> workers = new LinkedHashMap<>();
    private final List<Settled> news = new ArrayList<>();
    private final List<Stopped> stopped = new ArrayList<>();
    private final List<Recall> recalls = new ArrayList<>();
    private long nowMs;
    /** Counts what may make a worker that waits worth asking about at once. */
    private long changes;

    private long lastGrant;
    private int open;

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
        this.limits = requireNonNull(limits, "limits");
        this.placement = requireNonNull(placement, "placement");
        this.estimates = requireNonNull(estimates, "estimates");
        for (Board board : boards) {
            BoardWork work = new BoardWork(all.size(), board);
            for (int commit = 0; commit < commits; commit++) {
                if (!alreadyBuilt.test(new Cell(board.target(), commit))) {
                    work.open.set(commit);
                }
            }
            all.add(work);
            open += work.open.cardinality();
            enqueue(work);
        }
    }

    /** The time, in milliseconds from any beginning: what follows happens then. Only predictions depend on it. */
    public void at(long nowMs) {
        this.nowMs = nowMs;
    }

    // ---- workers ----

    /** Announces a worker that may join: nothing is given up as long as it may. */
    public void expect(String worker) {
        workers.put(worker, new WorkerState(worker, limits));
    }

    /** Announces a worker of which it is known what it can do. */
    public void expect(String worker, Power power) {
        expect(worker);
        stateOf(worker).power = power;
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
        WorkerState state = stateOf(worker);
        state.power = power;
        state.known = null;
        state.wasThere = true;
        state.isDismissed = false;
        state.presence = Presence.JOINED;
        state.capability = Optional.of(capability);
        state.leases.patience(patience);
        giveUpHopeless();
    }

    /**
     * A worker is gone; its boards go back, or end when their attempts are used up.
     *
     * @param comesBack whether it will try to join again
     * @param reason in words
     */
    public List<Requeued> leave(String worker, boolean comesBack, String reason) {
        WorkerState state = stateOf(worker);
        state.presence = comesBack ? Presence.EXPECTED : Presence.GONE;
        changes++; // what was held back for it need not be any more
        state.idle = false;
        state.leases.closeAll();
        state.closing.clear();
        if (!state.health.isGivenUp()) {
            state.goneReason = reason;
        }
        List<Requeued> back = new ArrayList<>();
        for (Out out : List.copyOf(state.out.values())) {
            lose(out, reason).ifPresent(back::add);
        }
        giveUpHopeless();
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
        WorkerState state = stateOf(worker);
        closed.forEach(grant -> close(state, grant));
        return state.leases.pass(time, heardOf);
    }

    /** The connection expects nothing more of that grant: its board may go to that worker again. */
    public void closed(String worker, long grant) {
        close(stateOf(worker), grant);
    }

    private static void close(WorkerState state, long grant) {
        state.leases.close(grant);
        state.closing.remove(grant);
    }

    /** What others have of the board too is not touched: they may yet build it. */
    private Optional<Requeued> lose(Out out, String reason) {
        BoardWork work = out.work;
        work.lost(out.worker.name, reason);
        withdraw(out);
        if (work.isPoisoned(limits.poisonAfter(), workers.values())) {
            String names = String.join(", ", work.lostWith);
            end(work, new NotBuilt(Reason.POISONED, "lost with " + names + "; " + work.lastLoss));
        } else if (work.losses >= limits.maxAttempts()) {
            end(work, new NotBuilt(Reason.MACHINE_LOST, work.lastLoss));
        } else if (enqueue(work)) {
            return Optional.of(new Requeued(work.target(), work.unasked().cardinality()));
        }
        return Optional.empty();
    }

    /** A machine that was stopped may have boards again. */
    public void resume(String worker) {
        stateOf(worker).health.resume();
        changes++;
    }

    private WorkerState stateOf(String worker) {
        return workers.computeIfAbsent(worker, name -> new WorkerState(name, limits));
    }

    // ---- boards ----

    /** A worker has a free slot. */
    public Demand demand(String worker) {
        WorkerState state = workers.get(worker);
        if (state == null || !state.isThere()) {
            return new Demand.Nothing();
        }
        state.idle = false;
        if (state.health.takes(state.out.keySet())) {
            Optional<Grant> grant = place(state);
            if (grant.isPresent()) {
                return new Demand.Granted(grant.get());
            }
        }
        state.idle = waiting.choose(state, false, work -> true).mayCome()
                || granted.values().stream()
                        .anyMatch(out -> (out.worker != state || placement.splits()) && state.canBuild(out.work));
        state.isDismissed = !state.idle;
        return state.idle ? new Demand.Wait() : new Demand.Nothing();
    }

    private Optional<Grant> place(WorkerState state) {
        if (state.heldAt == changes && nowMs < state.heldUntilMs && !isLastToAsk(state)) {
            return Optional.empty();
        }
        Scene scene = new Scene(state, nowMs, estimates, workers.values(), waiting, this::isFree);
        Choice choice = placement.choose(scene);
        if (choice instanceof Choice.Hold && isLastToAsk(state)) {
            choice = scene.first().map(Choice::whole).orElse(choice);
        }
        if (choice instanceof Choice.Give give) {
            return Optional.of(grant(give.work(), give.commits(), state));
        }
        state.heldAt = changes;
        state.heldUntilMs = nowMs + HOLD_MS;
        return Optional.empty();
    }

    /** Whether nothing is under way and nobody else is about to ask: what is held back for others then would wait for ever. */
    private boolean isLastToAsk(WorkerState asking) {
        return granted.isEmpty()
                && workers.values().stream()
                        .noneMatch(other -> other != asking
                                && (other.isFairlyExpected(nowMs)
                                        || (other.isThere() && !other.idle && !other.isDismissed)));
    }

    /** Whether nothing speaks against that worker's having that board just now. */
    private boolean isFree(BoardWork work, WorkerState state) {
        if (work.isSuspect(limits.poisonAfter()) && state.hasSuspect(limits.poisonAfter())) {
            return false;
        }
        return !work.lostWith.contains(state.name)
                || workers.values().stream().noneMatch(other -> other.idle && isBetter(other, work));
    }

    private boolean isBetter(WorkerState other, BoardWork work) {
        return other.canBuild(work)
                && !work.lostWith.contains(other.name)
                && other.health.takes(other.out.keySet())
                && isFree(work, other);
    }

    /**
     * A worker's answer about one cell of a grant.
     *
     * <p>A machine's own failure (any {@link NotBuilt} that is worth another try) keeps the cell open for another machine, if
     * there is one.
     */
    public Answer settle(long grantId, int commit, CellOutcome outcome) {
        Out out = granted.get(grantId);
        if (out == null) {
            return Answer.STALE;
        }
        if (!out.asked.get(commit)) {
            return out.answered.get(commit) ? Answer.STALE : settleRecalled(out, commit, outcome);
        }
        out.asked.clear(commit);
        out.answered.set(commit);
        out.refresh(nowMs);
        out.worker.leases.extend(grantId);
        judge(out, commit, outcome);
        if (out.asked.isEmpty()) {
            finish(out);
        }
        return Answer.ACCEPTED;
    }

    /** It was taken back, but the worker had begun it: the first result wins, and a failure of the machine's is of no account. */
    private Answer settleRecalled(Out out, int commit, CellOutcome outcome) {
        if (!out.recalled.get(commit)) {
            return Answer.NOT_LEASED;
        }
        out.recalled.clear(commit);
        out.answered.set(commit);
        if (!out.work.open.get(commit) || (outcome instanceof NotBuilt failed && isRetried(failed.reason()))) {
            return Answer.STALE;
        }
        out.worker.leases.extend(out.id);
        judge(out, commit, outcome);
        return Answer.ACCEPTED;
    }

    private void judge(Out out, int commit, CellOutcome outcome) {
        BoardWork work = out.work;
        if (outcome instanceof NotBuilt notBuilt && isRetried(notBuilt.reason())) {
            work.lastFailure = Optional.of(notBuilt);
            out.failed = true;
            if (notBuilt.reason() == Reason.NO_TOOLCHAIN) {
                out.worker.lacks.add(work.board.arch());
            } else {
                out.machineFailed = true;
            }
            return;
        }
        if (outcome instanceof Built) {
            work.progressed();
            out.worker.health.worked();
        }
        close(work, commit, outcome);
        for (Out other : List.copyOf(work.outs)) {
            if (other != out && other.asked.get(commit)) {
                BitSet one = new BitSet();
                one.set(commit);
                recall(other, one, true);
            }
        }
        if (work.isQueued) {
            enqueue(work);
        }
    }

    /** The last of a grant's cells is answered; what the machine failed is for others. */
    private void finish(Out out) {
        WorkerState state = out.worker;
        if (out.machineFailed) {
            String last = out.work.lastFailure.map(NotBuilt::detail).orElse("");
            state.health.failed(out.id, lastGrant).ifPresent(pause -> {
                boolean over = state.health.isGivenUp();
                int failures = state.health.failures();
                stopped.add(new Stopped(state.name, failures, over ? Optional.empty() : Optional.of(pause), last));
                if (over) {
                    state.goneReason = "failed " + failures + " boards in a row, last: " + last;
                }
            });
        }
        withdraw(out);
        if (out.failed) {
            out.work.failedOn.add(state.name);
        }
        if (enqueue(out.work)) {
            giveUpHopeless();
        }
    }

    /** A worker is not to build these; what it says of them meanwhile still counts. */
    private void recall(Out out, BitSet commits, boolean begun) {
        out.asked.andNot(commits);
        out.recalled.or(commits);
        recalls.add(new Recall(
                out.id,
                out.worker.name,
                out.work.target(),
                commits.stream().boxed().toList(),
                begun));
        out.refresh(begun, nowMs);
        if (out.asked.isEmpty()) {
            out.worker.closing.put(out.id, out.work);
            finish(out);
        }
    }

    /** Ends all open cells, as when the user stops the run or the disk is full; grants are over. */
    public void giveUp(NotBuilt why) {
        for (BoardWork work : all) {
            if (!work.open.isEmpty()) {
                List.copyOf(work.outs).forEach(this::withdraw);
                end(work, why);
            }
        }
    }

    /** Ends every open cell that nobody has and nobody can build any more, now that no machine is on its way. */
    private void giveUpHopeless() {
        if (workers.values().stream().anyMatch(state -> state.presence == Presence.EXPECTED)) {
            return;
        }
        for (BoardWork work : waiting.hopeless(workers.values())) {
            end(work, whyHopeless(work));
        }
    }

    private NotBuilt whyHopeless(BoardWork work) {
        if (work.lastFailure.isPresent()) {
            return work.lastFailure.get();
        }
        return work.losses > 0
                ? new NotBuilt(Reason.MACHINE_LOST, work.lastLoss)
                : WorkerState.whyNobody(workers.values(), work.board.arch());
    }

    // ---- what became of it ----

    /** Outcomes since the last call, in order. */
    public List<Settled> takeNews() {
        List<Settled> result = List.copyOf(news);
        news.clear();
        return result;
    }

    /** Machines that were stopped since the last call. */
    public List<Stopped> takeStopped() {
        List<Stopped> result = List.copyOf(stopped);
        stopped.clear();
        return result;
    }

    /** What workers are to leave, since the last call. */
    public List<Recall> takeRecalls() {
        List<Recall> result = List.copyOf(recalls);
        recalls.clear();
        return result;
    }

    /** Cells without an outcome. */
    public int openCells() {
        return open;
    }

    /** Whether a grant is still out: neither answered in full nor taken back. */
    public boolean isOut(long grantId) {
        return granted.containsKey(grantId);
    }

    private static boolean isRetried(Reason reason) {
        return switch (reason) {
            case NO_TOOLCHAIN, DISK_FULL, INFRASTRUCTURE, MACHINE_LOST, NO_MACHINE -> true;
            case POISONED, RESULT_REFUSED, CANCELLED -> false;
        };
    }

    private Grant grant(BoardWork work, BitSet commits, WorkerState state) {
        for (Out other : List.copyOf(work.outs)) {
            BitSet taken = (BitSet) commits.clone();
            taken.and(other.asked);
            taken.clear(other.asked.nextSetBit(0)); // it is at that one: whoever is first
            if (!taken.isEmpty()) {
                recall(other, taken, false);
            }
        }
        Out out = new Out(++lastGrant, work, state, (BitSet) commits.clone(), estimates, nowMs);
        state.leases.begin(out.id, work.target());
        granted.put(out.id, out);
        state.out.put(out.id, out);
        state.known = null;
        work.outs.add(out);
        enqueue(work);
        return new Grant(
                out.id, state.name, work.board, commits.stream().boxed().toList());
    }

    private void withdraw(Out out) {
        if (granted.remove(out.id) != null) {
            out.worker.out.remove(out.id);
            out.worker.known = null;
            out.work.outs.remove(out);
        }
    }

    /** Whether there is something of that board that nobody has; then it waits, at its place. */
    private boolean enqueue(BoardWork work) {
        if (work.isQueued) {
            waiting.remove(work);
        }
        BitSet unasked = work.unasked();
        work.isQueued = !unasked.isEmpty();
        if (work.isQueued) {
            changes++;
            work.waiting = BoardWork.cost(work.board, unasked, estimates);
            waiting.add(work);
        }
        return work.isQueued;
    }

    /** Ends what nobody has of a board. */
    private void end(BoardWork work, CellOutcome outcome) {
        BitSet cells = work.unasked();
        for (int commit = cells.nextSetBit(0); commit >= 0; commit = cells.nextSetBit(commit + 1)) {
            close(work, commit, outcome);
        }
        enqueue(work);
    }

    private void close(BoardWork work, int commit, CellOutcome outcome) {
        work.open.clear(commit);
        open--;
        news.add(new Settled(new Cell(work.target(), commit), outcome));
    }
}
