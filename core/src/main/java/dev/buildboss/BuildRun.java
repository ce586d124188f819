package dev.buildboss;

import dev.buildboss.model.Cell;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A run under way.
 *
 * <p>All methods may be called from any thread. Subscribers and stage callbacks are called on the actor system's threads:
 * they may not block; use the {@code …Async} methods of {@link CompletionStage} with an executor of your own for more.
 */
public interface BuildRun {

    /**
     * The events from now on, and for the first subscriber those from the beginning; each subscriber has a buffer of {@code buildboss.boss.event-buffer} events and is told by
     * {@link BuildEvent.Missed} what it was too slow for. It never slows the build. Completes after {@link
     * BuildEvent.RunEnded}. A subscriber that comes after the end gets that last event.
     */
    Flow.Publisher<BuildEvent> events();

    /** The cells that have a result already and are not built; they are known as soon as {@link BuildEvent.RunStarted} is told. */
    Set<Cell> previous();

    /** The final report; fails only with a {@link BuildbossException} for what keeps a run from starting at all. */
    CompletionStage<BuildReport> report();

    /**
     * No new boards; workers are told to quit, and what runs is killed within {@code buildboss.boss.quit-timeout}. Cells
     * without an outcome end as cancelled. Idempotent.
     */
    void cancel();

    /** As {@link #cancel()}, without waiting for any answer. */
    void cancelNow();
}
