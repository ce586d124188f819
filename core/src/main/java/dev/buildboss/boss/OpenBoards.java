package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.protocol.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The boards that are out on one connection: what was leased, the stream's promise for each, and which of them the worker gave a
 * sign of life about. Used by one conversation, on its thread.
 *
 * <p>The pool alone knows when a grant is over. It is told in parts of the worker's patience, by {@link #tell}, and not by the
 * clock: what is heard and for how long this conversation has listened. So a line that waits here unread is never taken for silence.
 */
final class OpenBoards {

    /** How finely a limit on silence is told: a grant is over after all parts but one, so never later than the limit. */
    private static final int PARTS = 9;

    private final String machine;
    private final ActorRef<BoardPool.Command> pool;
    private final LeaseBook leases;
    private final Map<String, CompletableFuture<Done>> closings = new HashMap<>();
    /** Grants that were heard of since the pool was told last. */
    private final Set<Long> signs = new HashSet<>();
    /** Grants whose boards were closed since then. */
    private final Set<Long> closed = new HashSet<>();
    /** Commits of boards that have not come here yet and were taken back already. */
    private final List<WorkPlan.Recall> early = new ArrayList<>();

    private long lastOpened;
    private boolean built;
    /** Grants of which commits were taken back. */
    private final Set<Long> split = new HashSet<>();

    /**
     * Nothing is out yet.
     *
     * @param commits how many commits the series has
     */
    OpenBoards(String machine, int commits, ActorRef<BoardPool.Command> pool) {
        this.machine = machine;
        this.pool = pool;
        this.leases = new LeaseBook(commits);
    }

    /** Whether the worker builds only the commits that it is told; said before the first board goes out. */
    void selects(boolean value) {
        leases.selects(value);
    }

    /** Whether any cell was built here. */
    boolean hasBuilt() {
        return built;
    }

    /** How often the pool is to be told. */
    static Duration interval(Duration limit) {
        return limit.dividedBy(PARTS);
    }

    /** How long a grant lasts without a sign of life, so that its end comes within the limit. */
    static Duration patience(Duration limit) {
        return interval(limit).multipliedBy(PARTS - 1);
    }

    /** What was asked back of a board before it went out. */
    List<WorkPlan.Recall> takeEarly(long grant) {
        List<WorkPlan.Recall> result =
                early.stream().filter(recall -> recall.grant() == grant).toList();
        early.removeAll(result);
        return result;
    }

    /** A board goes out; grants come in the order of their ids. */
    void open(Grant grant, CompletableFuture<Done> closed) {
        lastOpened = grant.id();
        leases.lease(grant);
        closings.put(grant.board().target(), closed);
        signs.add(grant.id());
    }

    /** Whether a board is out here. */
    boolean isOut(String board) {
        return leases.grant(board).isPresent();
    }

    /** A sign of life about a board; false if it is not out here. */
    boolean heard(String board) {
        Optional<Grant> grant = leases.grant(board);
        grant.ifPresent(heard -> signs.add(heard.id()));
        return grant.isPresent();
    }

    /** The worker was asked for commits of a grant back; false: that grant is not out here (any more). */
    boolean recall(WorkPlan.Recall recall) {
        if (recall.grant() > lastOpened) {
            early.add(recall); // its board is on its way here still
            return false;
        }
        boolean isOut = leases.recall(recall.grant(), recall.board(), recall.commits());
        if (isOut) {
            split.add(recall.grant());
        }
        return isOut;
    }

    /** Whether a worker may give that commit back. */
    boolean isWantedBack(String board, int commit) {
        return leases.isWantedBack(board, commit);
    }

    /** Boards that are through here and were split are told of at once: what others had of them may come back here. */
    void tellOfSplit(ActorRef<Conversation.Command> proxy) {
        if (closed.stream().anyMatch(split::contains)) {
            split.removeAll(closed);
            tell(proxy, Duration.ZERO);
        }
    }

    /** The worker was listened to for another {@link #interval}. */
    void tell(ActorRef<Conversation.Command> proxy, Duration interval) {
        if (leases.size() > 0 || !closed.isEmpty()) {
            pool.tell(new BoardPool.Listened(machine, proxy, interval, signs, closed));
            signs.clear();
            closed.clear();
        }
    }

    LeaseBook.Check check(String board, int commit) {
        return leases.check(board, commit);
    }

    /** A cell's outcome goes to the pool; what may still come of it is passed over up to its result. */
    void refuse(LeaseBook.Expected cell, CellOutcome.NotBuilt outcome) {
        leases.refuse(cell.cell().board(), cell.cell().commit());
        tellPool(cell, outcome, "", false, Optional.empty());
    }

    /**
     * A cell's outcome goes to the pool, and with the last of its board the board is closed.
     *
     * @param doubtful whether it is a failure that counts only if it is confirmed
     * @param times how long the worker says that it took
     */
    void settle(
            LeaseBook.Expected cell,
            CellOutcome outcome,
            String errorText,
            boolean doubtful,
            Optional<Response.Times> times) {
        Optional<BuildEvent.CellTimed> timed = times.map(took -> new BuildEvent.CellTimed(
                cell.cell(),
                machine,
                Duration.ofMillis(took.configureMs()),
                Duration.ofMillis(took.buildMs()),
                Duration.ofMillis(took.cpuMs())));
        built |= outcome instanceof CellOutcome.Built;
        tellPool(cell, outcome, errorText, doubtful, timed);
        answered(cell.cell().board(), cell.cell().commit());
    }

    private void tellPool(
            LeaseBook.Expected cell,
            CellOutcome outcome,
            String errorText,
            boolean doubtful,
            Optional<BuildEvent.CellTimed> timed) {
        pool.tell(new BoardPool.Settle(
                machine,
                cell.grant().id(),
                cell.cell().commit(),
                outcome,
                Words.beginning(errorText),
                doubtful,
                timed));
    }

    /** A cell's result is through; with the last of its board the board is closed. */
    void answered(String board, int commit) {
        leases.answered(board, commit).ifPresent(grant -> {
            signs.remove(grant.id());
            closed.add(grant.id());
            pool.tell(new BoardPool.Through(machine, board));
            CompletableFuture<Done> closing = closings.remove(board);
            if (closing != null) {
                closing.complete(Done.getInstance());
            }
        });
    }

    /** The connection is over: what is out is out no more, and its stream must not pull again. */
    void abandon() {
        closings.values().forEach(OpenBoards::refuse);
        closings.clear();
        signs.clear();
    }

    /** Ends the stream that a board came from. */
    static void refuse(CompletableFuture<Done> closed) {
        closed.completeExceptionally(new IllegalStateException("the worker takes no more boards"));
    }
}
