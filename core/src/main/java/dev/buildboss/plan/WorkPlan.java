package dev.buildboss.plan;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The matrix of a run: which cells are open, who has which board, and how each cell ended.
 *
 * <p>Every cell is open until {@link #settle} (or a rule of this class) gives it its one outcome. A board is with one worker at
 * a time, and goes back when its worker is lost or says that the machine failed it. Boards go out in the order in which they
 * were given; a decision costs the number of architectures, plus the boards that a worker has failed already.
 *
 * <p>Not safe for threads; {@code BoardPool} owns it.
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

    private final int maxAttempts;
    private final List<BoardWork> all = new ArrayList<>();
    /** Boards without a worker, by architecture and then by their place in the order. */
    private final Map<String, TreeMap<Integer, BoardWork>> waiting = new LinkedHashMap<>();

    private final Map<Long, BoardWork> granted = new HashMap<>();
    private final Map<String, WorkerState> workers = new LinkedHashMap<>();
    private final List<Settled> news = new ArrayList<>();
    private long lastGrant;
    private int open;

    /** A cell that just got its outcome. */
    public record Settled(Cell cell, CellOutcome outcome) {}

    /** A board that is to be built by somebody else now. */
    public record Requeued(String board, int cells) {}

    /**
     * A plan for boards × commits.
     *
     * @param boards in the order in which they go out
     * @param commits how many commits the series has
     * @param alreadyBuilt cells that are not part of the work
     * @param maxAttempts how many machines a board may be lost with
     */
    public WorkPlan(List<Board> boards, int commits, Predicate<Cell> alreadyBuilt, int maxAttempts) {
        this.maxAttempts = maxAttempts;
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
                enqueue(work);
            }
        }
    }

    /** Announces a worker that may join: nothing is given up as long as it may. */
    public void expect(String worker) {
        workers.put(worker, new WorkerState());
    }

    /** A worker is ready to build. */
    public void join(String worker, Capability capability) {
        WorkerState state = workers.computeIfAbsent(worker, name -> new WorkerState());
        state.capability = Optional.of(capability);
        giveUpHopeless();
    }

    /**
     * A worker is gone; its boards go back, or end when their attempts are used up.
     *
     * @param comesBack whether it will try to join again
     * @param reason in words
     */
    public List<Requeued> leave(String worker, boolean comesBack, String reason) {
        WorkerState state = workers.computeIfAbsent(worker, name -> new WorkerState());
        state.capability = Optional.empty();
        state.gone = !comesBack;
        state.goneReason = reason;
        List<Requeued> back = new ArrayList<>();
        for (BoardWork work : List.copyOf(granted.values())) {
            if (work.worker.equals(worker)) {
                withdraw(work);
                work.attempts++;
                if (work.attempts >= maxAttempts) {
                    end(
                            work,
                            new NotBuilt(
                                    Reason.MACHINE_LOST,
                                    "lost with " + work.attempts + " machines, last " + worker + ": " + reason));
                } else {
                    enqueue(work);
                    back.add(new Requeued(work.board.target(), work.open.cardinality()));
                }
            }
        }
        giveUpHopeless();
        return back;
    }

    /** A worker has a free slot. */
    public Demand demand(String worker) {
        WorkerState state = workers.get(worker);
        if (state == null || state.capability.isEmpty()) {
            return new Demand.Nothing();
        }
        Capability capability = state.capability.get();
        BoardWork best = null;
        for (Map.Entry<String, TreeMap<Integer, BoardWork>> queue : waiting.entrySet()) {
            if (capability.canBuild(queue.getKey()) && !state.lacks.contains(queue.getKey())) {
                for (BoardWork candidate : queue.getValue().values()) {
                    if (!candidate.failedOn.contains(worker)) {
                        best = best == null || candidate.order < best.order ? candidate : best;
                        break;
                    }
                }
            }
        }
        if (best != null) {
            return new Demand.Granted(grant(best, worker));
        }
        boolean mayComeBack = granted.values().stream()
                .anyMatch(work -> !work.worker.equals(worker)
                        && capability.canBuild(work.board.arch())
                        && !work.failedOn.contains(worker));
        return mayComeBack ? new Demand.Wait() : new Demand.Nothing();
    }

    /**
     * A worker's answer about one cell of a grant.
     *
     * <p>A machine's own failure (any {@link NotBuilt}) keeps the cell open for another machine, if there is one.
     */
    public Answer settle(long grantId, int commit, CellOutcome outcome) {
        BoardWork work = granted.get(grantId);
        if (work == null) {
            return Answer.STALE;
        }
        if (!work.grantedCommits.get(commit)) {
            return work.answered.get(commit) ? Answer.STALE : Answer.NOT_LEASED;
        }
        work.grantedCommits.clear(commit);
        work.answered.set(commit);
        if (outcome instanceof NotBuilt notBuilt && isRetried(notBuilt.reason())) {
            work.lastFailure = Optional.of(notBuilt);
            if (notBuilt.reason() == Reason.NO_TOOLCHAIN) {
                workers.computeIfAbsent(work.worker, name -> new WorkerState())
                        .lacks
                        .add(work.board.arch());
            }
        } else {
            close(work, commit, outcome);
        }
        if (work.grantedCommits.isEmpty()) {
            String worker = work.worker;
            withdraw(work);
            if (!work.open.isEmpty()) {
                work.failedOn.add(worker);
                enqueue(work);
                giveUpHopeless();
            }
        }
        return Answer.ACCEPTED;
    }

    /** Ends all open cells, as when the user stops the run or the disk is full; grants are over. */
    public void giveUp(NotBuilt why) {
        for (BoardWork work : all) {
            if (!work.open.isEmpty()) {
                granted.remove(work.grant);
                dequeue(work);
                end(work, why);
            }
        }
    }

    /** Ends every open cell that nobody has and nobody can build any more, now that no machine is on its way. */
    private void giveUpHopeless() {
        if (workers.values().stream().anyMatch(state -> state.capability.isEmpty() && !state.gone)) {
            return;
        }
        for (TreeMap<Integer, BoardWork> queue : waiting.values()) {
            for (BoardWork work : List.copyOf(queue.values())) {
                if (workers.entrySet().stream()
                        .noneMatch(entry -> entry.getValue().canBuild(entry.getKey(), work))) {
                    dequeue(work);
                    end(work, whyHopeless(work));
                }
            }
        }
    }

    private NotBuilt whyHopeless(BoardWork work) {
        if (work.lastFailure.isPresent()) {
            return work.lastFailure.get();
        }
        boolean anyone = workers.values().stream().anyMatch(state -> state.capability.isPresent());
        if (anyone) {
            return new NotBuilt(
                    Reason.NO_TOOLCHAIN,
                    "no compiler for " + work.board.arch() + " on " + String.join(", ", workers.keySet()));
        }
        Optional<String> lastWords = workers.entrySet().stream()
                .filter(entry -> !entry.getValue().goneReason.isEmpty())
                .map(entry -> entry.getKey() + ": " + entry.getValue().goneReason)
                .reduce((first, second) -> first + "; " + second);
        Reason reason = work.attempts > 0 ? Reason.MACHINE_LOST : Reason.NO_MACHINE;
        return new NotBuilt(reason, lastWords.orElse("no machine is left"));
    }

    /** Outcomes since the last call, in order. */
    public List<Settled> takeNews() {
        List<Settled> result = List.copyOf(news);
        news.clear();
        return result;
    }

    /** Cells without an outcome. */
    public int openCells() {
        return open;
    }

    /** Boards that are with a worker. */
    public int grantedBoards() {
        return granted.size();
    }

    /** Whether a grant is still that worker's. */
    public boolean isCurrent(long grantId) {
        return granted.containsKey(grantId);
    }

    /** Boards that wait, by architecture, for those that no worker which has joined can build. */
    public Map<String, List<String>> unbuildableNow() {
        Map<String, List<String>> result = new LinkedHashMap<>();
        waiting.forEach((arch, queue) -> {
            boolean someone = workers.values().stream()
                    .anyMatch(state -> state.capability.isPresent()
                            && state.capability.get().canBuild(arch));
            if (!someone && !queue.isEmpty()) {
                result.put(
                        arch,
                        queue.values().stream().map(work -> work.board.target()).toList());
            }
        });
        return result;
    }

    private static boolean isRetried(Reason reason) {
        return switch (reason) {
            case NO_TOOLCHAIN, DISK_FULL, INFRASTRUCTURE, MACHINE_LOST, NO_MACHINE -> true;
            case POISONED, RESULT_REFUSED, CANCELLED -> false;
        };
    }

    private Grant grant(BoardWork work, String worker) {
        dequeue(work);
        work.grant = ++lastGrant;
        work.worker = worker;
        work.grantedCommits = (BitSet) work.open.clone();
        work.answered.clear();
        granted.put(work.grant, work);
        return new Grant(
                work.grant, worker, work.board, work.open.stream().boxed().toList());
    }

    private void withdraw(BoardWork work) {
        granted.remove(work.grant);
        work.grant = 0;
        work.worker = "";
        work.grantedCommits.clear();
    }

    private void enqueue(BoardWork work) {
        waiting.computeIfAbsent(work.board.arch(), arch -> new TreeMap<>()).put(work.order, work);
    }

    private void dequeue(BoardWork work) {
        TreeMap<Integer, BoardWork> queue = waiting.get(work.board.arch());
        if (queue != null) {
            queue.remove(work.order);
        }
    }

    private void end(BoardWork work, CellOutcome outcome) {
        for (int commit = work.open.nextSetBit(0); commit >= 0; commit = work.open.nextSetBit(commit + 1)) {
            close(work, commit, outcome);
        }
    }

    private void close(BoardWork work, int commit, CellOutcome outcome) {
        work.open.clear(commit);
        open--;
        news.add(new Settled(new Cell(work.board.target(), commit), outcome));
    }

    private static final class BoardWork {
        private final int order;
        private final Board board;
        private final BitSet open = new BitSet();
        private final BitSet answered = new BitSet();
        private final Set<String> failedOn = new HashSet<>();
        private BitSet grantedCommits = new BitSet();
        private Optional<NotBuilt> lastFailure = Optional.empty();
        private String worker = "";
        private long grant;
        private int attempts;

        private BoardWork(int order, Board board) {
            this.order = order;
            this.board = board;
        }
    }

    private static final class WorkerState {
        private final Set<String> lacks = new HashSet<>();
        private Optional<Capability> capability = Optional.empty();
        private boolean gone;
        private String goneReason = "";

        private boolean canBuild(String name, BoardWork work) {
            return capability.isPresent()
                    && capability.get().canBuild(work.board.arch())
                    && !lacks.contains(work.board.arch())
                    && !work.failedOn.contains(name);
        }
    }
}
