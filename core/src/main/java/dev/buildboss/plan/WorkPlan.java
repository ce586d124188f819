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
        state.presence = Presence.JOINED;
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
        state.presence = comesBack ? Presence.EXPECTED : Presence.GONE;
        state.goneReason = reason;
        List<Requeued> back = new ArrayList<>();
        for (BoardWork work : List.copyOf(granted.values())) {
            if (work.worker.equals(worker)) {
                withdraw(work);
                work.attempts++;
                work.lastLoss = "lost " + work.attempts + " times, last with " + worker + ": " + reason;
                if (work.attempts >= maxAttempts) {
                    end(work, new NotBuilt(Reason.MACHINE_LOST, work.lastLoss));
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
        if (state == null || state.presence != Presence.JOINED) {
            return new Demand.Nothing();
        }
        BoardWork best = null;
        for (Map.Entry<String, TreeMap<Integer, BoardWork>> queue : waiting.entrySet()) {
            if (state.hasCompiler(queue.getKey())) {
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
        boolean mayComeBack =
                granted.values().stream().anyMatch(work -> !work.worker.equals(worker) && state.canBuild(worker, work));
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
        if (workers.values().stream().anyMatch(state -> state.presence == Presence.EXPECTED)) {
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
        if (work.attempts > 0) {
            return new NotBuilt(Reason.MACHINE_LOST, work.lastLoss);
        }
        String arch = work.board.arch();
        List<String> without = new ArrayList<>();
        List<String> away = new ArrayList<>();
        workers.forEach((name, state) -> {
            if (!state.hasCompiler(arch)) {
                without.add(name);
            } else if (!state.goneReason.isEmpty()) {
                away.add(name + ": " + state.goneReason);
            }
        });
        if (without.isEmpty()) {
            return new NotBuilt(Reason.NO_MACHINE, away.isEmpty() ? "no machine is left" : String.join("; ", away));
        }
        away.add(0, "no compiler for " + arch + " on " + String.join(", ", without));
        return new NotBuilt(Reason.NO_TOOLCHAIN, String.join("; ", away));
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
        private String lastLoss = "";
        private long grant;
        private int attempts;

        private BoardWork(int order, Board board) {
            this.order = order;
            this.board = board;
        }
    }

    private enum Presence {
        EXPECTED,
        JOINED,
        GONE
    }

    private static final class WorkerState {
        private final Set<String> lacks = new HashSet<>();
        private Presence presence = Presence.EXPECTED;
        /** What it said when it last joined; kept, so that the reason for a board nobody built can name it. */
        private Optional<Capability> capability = Optional.empty();

        private String goneReason = "";

        /** Whether it has what that architecture needs, as far as is known. */
        private boolean hasCompiler(String arch) {
            return !lacks.contains(arch)
                    && (capability.isEmpty() || capability.get().canBuild(arch));
        }

        private boolean canBuild(String name, BoardWork work) {
            return presence == Presence.JOINED && hasCompiler(work.board.arch()) && !work.failedOn.contains(name);
        }
    }
}
