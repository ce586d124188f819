package dev.buildboss.boss;

import dev.buildboss.model.Cell;
import dev.buildboss.plan.Grant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one connection has been given and has not answered: the measure for every word of its worker (pure).
 *
 * <p>A board is out at most once on a connection, so that an answer is told by its board even where no lease ids travel. A
 * worker that can't be told which commits to build builds them all; those that nobody asked for are passed over.
 */
final class LeaseBook {

    /** An answer held against the leases. */
    sealed interface Check {}

    /** It belongs to that cell of that grant. */
    record Expected(Grant grant, Cell cell) implements Check {}

    /** A commit of a leased board whose result is not wanted (any more). */
    record PassedOver() implements Check {}

    /** Nothing like it was leased. */
    record Foreign(String reason) implements Check {}

    private final int commits;
    private boolean selects;
    private final Map<String, Open> open = new HashMap<>();

    /**
     * An empty book.
     *
     * @param commits how many commits the series has
     */
    LeaseBook(int commits) {
        this.commits = commits;
    }

    /** Whether the worker builds only the commits that it is told. */
    void selects(boolean value) {
        selects = value;
    }

    void lease(Grant grant) {
        BitSet expected = new BitSet();
        if (selects) {
            grant.commits().forEach(expected::set);
        } else {
            expected.set(0, commits);
        }
        open.put(grant.board().target(), new Open(grant, expected, new BitSet(), new BitSet()));
    }

    /** The grant that a sign of life about that board is for; empty if it is not out here. */
    Optional<Grant> grant(String board) {
        return Optional.ofNullable(open.get(board)).map(Open::grant);
    }

    int size() {
        return open.size();
    }

    /** Holds a result, or a piece of one, against the leases. */
    Check check(String board, int commit) {
        Open lease = open.get(board);
        if (lease == null) {
            return new Foreign("board " + Words.quoted(board) + ", which it was not given");
        }
        if (commit < 0 || commit >= commits) {
            return new Foreign("commit index " + commit + " of " + commits + " for board " + board);
        }
        if (!lease.expected.get(commit)) {
            return new Foreign("a second answer, or one nobody asked for: board " + board + ", commit index " + commit);
        }
        return lease.grant.commits().contains(commit) && !lease.refused.get(commit)
                ? new Expected(lease.grant, new Cell(board, commit))
                : new PassedOver();
    }

    /** What still comes of that cell, its result included, is passed over. */
    void refuse(String board, int commit) {
        Open lease = open.get(board);
        if (lease != null) {
            lease.refused.set(commit);
        }
    }

    /** The worker was asked for these back, and may give them back; false: that grant is not out here (any more). */
    boolean recall(long grant, String board, List<Integer> recalled) {
        Open lease = open.get(board);
        if (lease == null || lease.grant.id() != grant) {
            return false;
        }
        recalled.forEach(lease.recalled::set);
        return true;
    }

    /** Whether a worker may give that commit back: it was asked for it, and has not answered it. */
    boolean isWantedBack(String board, int commit) {
        Open lease = open.get(board);
        return lease != null && lease.recalled.get(commit) && lease.expected.get(commit);
    }

    /** Marks a cell as answered; the grant, if it was the board's last. */
    Optional<Grant> answered(String board, int commit) {
        Open lease = open.get(board);
        if (lease == null) {
            return Optional.empty();
        }
        lease.expected.clear(commit);
        if (!lease.expected.isEmpty()) {
            return Optional.empty();
        }
        open.remove(board);
        return Optional.of(lease.grant);
    }

    private record Open(Grant grant, BitSet expected, BitSet refused, BitSet recalled) {}
}
