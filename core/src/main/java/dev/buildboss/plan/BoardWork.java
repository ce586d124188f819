package dev.buildboss.plan;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.NotBuilt;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** A board's row of the matrix, and what became of it so far; {@link WorkPlan} keeps it. */
final class BoardWork {
    final int order;
    final Board board;
    /** Commits without an outcome. */
    final BitSet open = new BitSet();
    /** Machines that said that they failed it. */
    final Set<String> failedOn = new HashSet<>(0);
    /** Machines that were lost while they had it, since its last cell was built. */
    final Set<String> lostWith = new LinkedHashSet<>(0);

    /** Commits of the grant that is out which have no answer. */
    BitSet asked = new BitSet();
    /** Commits of that grant which have theirs. */
    final BitSet answered = new BitSet();

    Optional<NotBuilt> lastFailure = Optional.empty();
    String lastLoss = "";
    int losses;

    /** Who has it; empty: nobody. */
    String worker = "";

    long grant;
    boolean failedInGrant;

    BoardWork(int order, Board board) {
        this.order = order;
        this.board = board;
    }

    String target() {
        return board.target();
    }

    /** Nobody has it any more. */
    void takeBack() {
        grant = 0;
        worker = "";
        asked.clear();
        failedInGrant = false;
    }

    /** A cell of it was built: whatever machine is lost now, another cell is what it had at work. */
    void progressed() {
        losses = 0;
        lostWith.clear();
    }

    /** Its machine was lost. */
    void lost(String reason) {
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

    /** One machine more, and it is poisoned. */
    boolean isSuspect(int poisonAfter) {
        return lostWith.size() > 1 && lostWith.size() + 1 >= poisonAfter;
    }
}
