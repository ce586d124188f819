package dev.buildboss.plan;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
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
 * What a {@link WorkPlan} knows: the rows of the matrix, what waits, who has what, and how cells ended. It keeps the counts right;
 * the rules that decide are {@link Dealer}'s and {@link Answers}'.
 */
final class Books {

    final PlanLimits limits;
    final Estimates estimates;
    final WaitingBoards waiting = new WaitingBoards();
    private final List<BoardWork> all = new ArrayList<>();
    private final Map<String, BoardWork> byTarget = new HashMap<>();
    final Rechecks rechecks = new Rechecks(this);
    private final Map<Long, Out> granted = new HashMap<>();
    private final Map<String, WorkerState> workers = new LinkedHashMap<>();
    private final List<WorkPlan.Settled> news = new ArrayList<>();
    /** The time, in milliseconds from any beginning. */
    long nowMs;
    /** Counts what may make a worker that waits worth asking about at once. */
    long changes;

    private long lastGrant;
    private int open;

    Books(PlanLimits limits, Estimates estimates) {
        this.limits = limits;
        this.estimates = estimates;
    }

    /** A board of the run with those of its commits that are to be built. */
    void add(Board board, int commits, Predicate<Cell> alreadyBuilt) {
        BoardWork work = new BoardWork(all.size(), board);
        for (int commit = 0; commit < commits; commit++) {
            boolean isBuilt = alreadyBuilt.test(new Cell(board.target(), commit));
            (isBuilt ? work.passed : work.open).set(commit);
        }
        all.add(work);
        byTarget.put(board.target(), work);
        open += work.open.cardinality();
        enqueue(work);
    }

    /** A cell that was built before this run had failed. */
    void failedBefore(Cell cell) {
        BoardWork work = byTarget.get(cell.board());
        if (work != null && work.passed.get(cell.commit())) {
            work.passed.clear(cell.commit());
            work.failed.set(cell.commit());
        }
    }

    /** A row for a cell that is built again; the cell is counted as open already. */
    BoardWork again(Recheck recheck) {
        BoardWork row = new BoardWork(all.size(), recheck.origin.board, Optional.of(recheck));
        recheck.origin.isBuiltAgain = true;
        all.add(row);
        return row;
    }

    // ---- workers ----

    /** A worker that may join; whatever was known of one with that name is forgotten. */
    WorkerState expect(String worker) {
        WorkerState state = new WorkerState(worker, limits);
        workers.put(worker, state);
        return state;
    }

    /** A worker of which anything is known. */
    Optional<WorkerState> known(String worker) {
        return Optional.ofNullable(workers.get(worker));
    }

    WorkerState stateOf(String worker) {
        return workers.computeIfAbsent(worker, name -> new WorkerState(name, limits));
    }

    /** All of them, those that are gone included. */
    Collection<WorkerState> workers() {
        return workers.values();
    }

    // ---- grants ----

    /** Commits of a board go to a worker. */
    Out grant(BoardWork work, BitSet commits, WorkerState state) {
        Out out = new Out(++lastGrant, work, state, (BitSet) commits.clone(), estimates, nowMs);
        state.leases.begin(out.id, work.target());
        granted.put(out.id, out);
        state.addOut(out, nowMs);
        work.outs.add(out);
        enqueue(work);
        return out;
    }

    /** A grant is over. */
    void withdraw(Out out) {
        if (granted.remove(out.id) != null) {
            out.worker.removeOut(out, nowMs);
            out.work.outs.remove(out);
        }
    }

    /** The grants that are out, by id. */
    Map<Long, Out> granted() {
        return granted;
    }

    /** A grant that is over, while its connection may still hear of what was taken back. */
    Optional<Out> closing(long grantId) {
        return workers.values().stream()
                .flatMap(state -> Optional.ofNullable(state.closing.get(grantId)).stream())
                .findFirst();
    }

    /** The id of the last grant, to anybody. */
    long lastGrant() {
        return lastGrant;
    }

    // ---- boards ----

    /** Whether there is something of that board that nobody has; then it waits, at its place. */
    boolean enqueue(BoardWork work) {
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

    /** A cell of a row has its outcome, of a worker's making or (then there is none) of ours. */
    void close(BoardWork work, int commit, CellOutcome outcome, String worker) {
        work.open.clear(commit);
        if (work.recheck().isPresent()) {
            rechecks.answered(work, work.recheck().get(), outcome, worker);
            return;
        }
        if (outcome instanceof Built built) {
            work.built(commit, built);
        }
        ended(new WorkPlan.Settled(new Cell(work.target(), commit), outcome));
    }

    /** A cell has the outcome that counts. */
    void ended(WorkPlan.Settled settled) {
        open--;
        news.add(settled);
    }

    /** Ends what nobody has of a board. */
    void end(BoardWork work, CellOutcome outcome) {
        BitSet cells = work.unasked();
        for (int commit = cells.nextSetBit(0); commit >= 0; commit = cells.nextSetBit(commit + 1)) {
            close(work, commit, outcome, "");
        }
        enqueue(work);
    }

    /** Ends all open cells; grants are over. */
    void endAll(NotBuilt why) {
        rechecks.stop();
        for (BoardWork work : List.copyOf(all)) {
            if (!work.open.isEmpty()) {
                List.copyOf(work.outs).forEach(this::withdraw);
                end(work, why);
            }
        }
    }

    /** Ends every open cell that nobody has and nobody can build any more, now that no machine is on its way. */
    void endHopeless() {
        if (workers.values().stream().anyMatch(state -> state.presence == WorkerState.Presence.EXPECTED)) {
            return;
        }
        for (BoardWork work : waiting.hopeless(workers.values())) {
            if (work.isQueued && !rechecks.fallsBack(work)) {
                end(work, whyHopeless(work));
            }
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

    /** Cells without an outcome. */
    int openCells() {
        return open;
    }

    /** Outcomes since the last call, in order. */
    List<WorkPlan.Settled> takeNews() {
        List<WorkPlan.Settled> result = List.copyOf(news);
        news.clear();
        return result;
    }
}
