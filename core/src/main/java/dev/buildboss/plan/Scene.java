package dev.buildboss.plan;

import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiPredicate;

/** What a {@link Placement} sees of the plan: who asks, who else is there with what, and what waits. */
final class Scene {
    final WorkerState me;
    final long nowMs;
    final Estimates estimates;
    private final Collection<WorkerState> workers;
    private final WaitingBoards waiting;
    private final BiPredicate<BoardWork, WorkerState> free;

    Scene(
            WorkerState me,
            long nowMs,
            Estimates estimates,
            Collection<WorkerState> workers,
            WaitingBoards waiting,
            BiPredicate<BoardWork, WorkerState> free) {
        this.me = me;
        this.nowMs = nowMs;
        this.estimates = estimates;
        this.workers = workers;
        this.waiting = waiting;
        this.free = free;
    }

    /** The first board for the worker that asks; one that it was lost with only if there is no other. */
    Optional<BoardWork> first() {
        return waiting.choose(me, true, work -> free.test(work, me)).board();
    }

    /** All workers, those that are not there included. */
    Collection<WorkerState> workers() {
        return workers;
    }

    /** Boards that wait, the longest first; some may not be for the worker that asks. */
    Iterator<BoardWork> waiting() {
        return waiting.iterator();
    }

    /** How many wait. */
    int waitingCount() {
        return waiting.size();
    }

    /** The work of all that waits, in core-seconds. */
    double waitingWork() {
        return waiting.work();
    }

    /** The serial part of that. */
    double waitingSerial() {
        return waiting.serial();
    }

    /** Whether a worker may have that board now. */
    boolean mayHave(WorkerState worker, BoardWork work) {
        return worker.canBuild(work) && !worker.holds(work) && free.test(work, worker);
    }
}
