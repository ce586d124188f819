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
 * <p>Every cell is open until {@link #settle} (or a rule of this class) gives it its one outcome. A board is with one worker at
 * a time, by a grant with an id and a deadline that signs of life and results extend. It goes back, with the commits that have no
 * result, when its worker is lost or lets the deadline go by, and when the worker says that the machine failed it. Boards go out in
 * the order in which they were given; a decision costs the number of architectures, plus the boards that a worker has failed already.
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

    private final PlanLimits limits;
    private final List<BoardWork> all = new ArrayList<>();
    private final WaitingBoards waiting = new WaitingBoards();
    private final Map<Long, BoardWork> granted = new HashMap<>();
    private final Map<String, WorkerState> workers = new LinkedHashMap<>();
    private final List<Settled> news = new ArrayList<>();
    private final List<Stopped> stopped = new ArrayList<>();
    private long lastGrant;
    private int open;

    /**
     * A plan for boards × commits.
     *
     * @param boards in the order in which they go out
     * @param commits how many commits the series has
     * @param alreadyBuilt cells that are not part of the work
     * @param limits how much failure of machines it puts up with
     */
    public WorkPlan(List<Board> boards, int commits, Predicate<Cell> alreadyBuilt, PlanLimits limits) {
        this.limits = requireNonNull(limits, "limits");
        for (Board board : boards) {
            BoardWork work = new BoardWork(all.size(), board);
            for (int commit = 0; commit < commits; commit++) {
                if (!alreadyBuilt.test(new Cell(board.target(), commit))) {
                    work.open.set(commit);
                }
            }
            all.add(work);
            open += work.open.cardinality();
            if (!work.open.isEmpty()) {
                waiting.add(work);
            }
        }
    }

    // ---- workers ----

    /** Announces a worker that may join: nothing is given up as long as it may. */
    public void expect(String worker) {
        workers.put(worker, new WorkerState(worker, limits));
    }

    /**
     * A worker is ready to build.
     *
     * @param patience the silence about a board after which its grant is over
     */
    public void join(String worker, Capability capability, Duration patience) {
        WorkerState state = stateOf(worker);
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
        state.idle = false;
        state.leases.closeAll();
        if (!state.health.isGivenUp()) {
            state.goneReason = reason;
        }
        List<Requeued> back = new ArrayList<>();
        for (BoardWork work : List.copyOf(state.out.values())) {
            lose(work, reason).ifPresent(back::add);
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
        closed.forEach(state.leases::close);
        return state.leases.pass(time, heardOf);
    }

    private Optional<Requeued> lose(BoardWork work, String reason) {
        work.lost(reason);
        withdraw(work);
        if (work.isPoisoned(limits.poisonAfter(), workers.values())) {
            String names = String.join(", ", work.lostWith);
            end(work, new NotBuilt(Reason.POISONED, "lost with " + names + "; " + work.lastLoss));
        } else if (work.losses >= limits.maxAttempts()) {
            end(work, new NotBuilt(Reason.MACHINE_LOST, work.lastLoss));
        } else {
            waiting.add(work);
            return Optional.of(new Requeued(work.target(), work.open.cardinality()));
        }
        return Optional.empty();
    }

    /** A machine that was stopped may have boards again. */
    public void resume(String worker) {
        stateOf(worker).health.resume();
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
        WaitingBoards.Choice choice =
                waiting.choose(state, state.health.takes(state.out.keySet()), work -> isFree(work, state));
        if (choice.board().isPresent()) {
            return new Demand.Granted(grant(choice.board().get(), state));
        }
        state.idle = choice.mayCome()
                || granted.values().stream().anyMatch(work -> !work.worker.equals(worker) && state.canBuild(work));
        return state.idle ? new Demand.Wait() : new Demand.Nothing();
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
        BoardWork work = granted.get(grantId);
        if (work == null) {
            return Answer.STALE;
        }
        if (!work.asked.get(commit)) {
            return work.answered.get(commit) ? Answer.STALE : Answer.NOT_LEASED;
        }
        WorkerState state = stateOf(work.worker);
        work.asked.clear(commit);
        work.answered.set(commit);
        state.leases.extend(grantId);
        if (outcome instanceof NotBuilt notBuilt && isRetried(notBuilt.reason())) {
            work.lastFailure = Optional.of(notBuilt);
            if (notBuilt.reason() == Reason.NO_TOOLCHAIN) {
                state.lacks.add(work.board.arch());
            } else {
                work.failedInGrant = true;
            }
        } else {
            if (outcome instanceof Built) {
                work.progressed();
                state.health.worked();
            }
            close(work, commit, outcome);
        }
        if (work.asked.isEmpty()) {
            finish(work, state);
        }
        return Answer.ACCEPTED;
    }

    /** The last of a grant's cells is answered; what the machine failed is for others. */
    private void finish(BoardWork work, WorkerState state) {
        if (work.failedInGrant) {
            String last = work.lastFailure.map(NotBuilt::detail).orElse("");
            state.health.failed(work.grant, lastGrant).ifPresent(pause -> {
                boolean over = state.health.isGivenUp();
                int failures = state.health.failures();
                stopped.add(new Stopped(state.name, failures, over ? Optional.empty() : Optional.of(pause), last));
                if (over) {
                    state.goneReason = "failed " + failures + " boards in a row, last: " + last;
                }
            });
        }
        withdraw(work);
        if (!work.open.isEmpty()) {
            work.failedOn.add(state.name);
            waiting.add(work);
            giveUpHopeless();
        }
    }

    /** Ends all open cells, as when the user stops the run or the disk is full; grants are over. */
    public void giveUp(NotBuilt why) {
        for (BoardWork work : all) {
            if (!work.open.isEmpty()) {
                withdraw(work);
                waiting.remove(work);
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
            waiting.remove(work);
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

    private Grant grant(BoardWork work, WorkerState state) {
        waiting.remove(work);
        work.grant = ++lastGrant;
        work.worker = state.name;
        work.asked = (BitSet) work.open.clone();
        work.answered.clear();
        state.leases.begin(work.grant, work.target());
        granted.put(work.grant, work);
        state.out.put(work.grant, work);
        return new Grant(
                work.grant, state.name, work.board, work.open.stream().boxed().toList());
    }

    private void withdraw(BoardWork work) {
        if (granted.remove(work.grant) != null) {
            stateOf(work.worker).out.remove(work.grant);
        }
        work.takeBack();
    }

    private void end(BoardWork work, CellOutcome outcome) {
        for (int commit = work.open.nextSetBit(0); commit >= 0; commit = work.open.nextSetBit(commit + 1)) {
            close(work, commit, outcome);
        }
    }

    private void close(BoardWork work, int commit, CellOutcome outcome) {
        work.open.clear(commit);
        open--;
        news.add(new Settled(new Cell(work.target(), commit), outcome));
    }
}
