package dev.buildboss.plan;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Confirmation;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Why a row of one cell is built again: the cell failed first, and is to be confirmed; {@link Rechecks} keeps it. */
final class Recheck {

    /** A later failure of the same board that waits for the verdict on this one. */
    record Held(Built failure, String worker) {}

    /** The board's own row. */
    final BoardWork origin;

    final int commit;
    /** What it came to at first. */
    final Built failure;
    /** What is known so far. */
    final Confirmation known;
    /** The outcome elsewhere, once there is one: then only where it failed it is tried again. */
    final Optional<Built> elsewhere;
    /** Later failures, by commit. */
    final SortedMap<Integer, Held> held = new TreeMap<>();
    /** Whether the machine where it failed may have it too, as nobody else can. */
    boolean anywhere;

    Recheck(BoardWork origin, int commit, Built failure, Confirmation known, Optional<Built> elsewhere) {
        this.origin = origin;
        this.commit = commit;
        this.failure = failure;
        this.known = known;
        this.elsewhere = elsewhere;
    }

    /** Whether it is not for a worker. */
    boolean refuses(String worker) {
        boolean failedThere = worker.equals(known.first());
        return elsewhere.isPresent() ? !failedThere : failedThere && !anywhere;
    }
}
