package dev.buildboss.boss;

import dev.buildboss.model.CellOutcome;
import dev.buildboss.plan.Grant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The boards that are out on one connection: what was leased, the stream's promise for each, and a limit on the worker's silence
 * about each. Used by one conversation, on its thread.
 */
final class OpenBoards {

    /** How finely the limit on silence is told. */
    static final int TICKS_OF_LIMIT = 8;

    private final String machine;
    private final ActorRef<BoardPool.Command> pool;
    private final LeaseBook leases;
    private final Map<String, CompletableFuture<Done>> closings = new HashMap<>();
    /** When each board was last heard of, in ticks: a timer for each, started again with each line, cost more than all the rest. */
    private final Map<String, Integer> signs = new HashMap<>();

    private int ticks;

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

    /** A board goes out. */
    void open(Grant grant, CompletableFuture<Done> closed) {
        leases.lease(grant);
        closings.put(grant.board().target(), closed);
        heard(grant.board().target());
    }

    /** A sign of life about a board; false if it is not out here. */
    boolean heard(String board) {
        if (!leases.has(board)) {
            return false;
        }
        signs.put(board, ticks);
        return true;
    }

    /** One of {@link #TICKS_OF_LIMIT} parts of the limit on silence has gone by: a board about which it is over, if there is one. */
    Optional<String> tick() {
        ticks++;
        return signs.entrySet().stream()
                .filter(sign -> ticks - sign.getValue() > TICKS_OF_LIMIT)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    LeaseBook.Check check(String board, int commit) {
        return leases.check(board, commit);
    }

    /** A cell's outcome goes to the pool; what may still come of it is passed over up to its result. */
    void refuse(LeaseBook.Expected cell, CellOutcome.NotBuilt outcome) {
        leases.refuse(cell.cell().board(), cell.cell().commit());
        tellPool(cell, outcome, "");
    }

    /** A cell's outcome goes to the pool, and with the last of its board the board is closed. */
    void settle(LeaseBook.Expected cell, CellOutcome outcome, String errorText) {
        tellPool(cell, outcome, errorText);
        answered(cell.cell().board(), cell.cell().commit());
    }

    private void tellPool(LeaseBook.Expected cell, CellOutcome outcome, String errorText) {
        pool.tell(new BoardPool.Settle(
                machine, cell.grant().id(), cell.cell().commit(), outcome, Words.beginning(errorText)));
    }

    /** A cell's result is through; with the last of its board the board is closed. */
    void answered(String board, int commit) {
        leases.answered(board, commit).ifPresent(grant -> {
            signs.remove(board);
            CompletableFuture<Done> closed = closings.remove(board);
            if (closed != null) {
                closed.complete(Done.getInstance());
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
