package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.follow.FollowHub;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/**
 * Hands a run's events to its subscribers: each has a bounded buffer of its own and is told how many events it was too slow for.
 * Publishing never waits. Safe for threads.
 */
public final class EventHub implements Flow.Publisher<BuildEvent> {

    /** Places for the last event and the count of what was missed. */
    private static final int RESERVED = 2;

    private final Executor executor;
    private final int buffer;
    private final FollowHub follows = new FollowHub();
    private final List<Outlet> outlets = new ArrayList<>();
    /** What happened before anybody subscribed, as far as it fits a buffer: for the first subscriber. */
    private final List<BuildEvent> early = new ArrayList<>();

    private long missedEarly;
    private boolean subscribed;
    private Optional<BuildEvent> last = Optional.empty();

    /**
     * A hub.
     *
     * @param executor calls the subscribers
     * @param buffer events that a subscriber may lag behind
     */
    public EventHub(Executor executor, int buffer) {
        this.executor = executor;
        this.buffer = buffer;
    }

    /** Who follows which boards of this run. */
    public FollowHub follows() {
        return follows;
    }

    @Override
    public synchronized void subscribe(Flow.Subscriber<? super BuildEvent> subscriber) {
        Outlet outlet = new Outlet(executor, buffer);
        outlet.publisher.subscribe(subscriber);
        if (!subscribed) {
            subscribed = true;
            early.forEach(outlet::offer);
            early.clear();
            outlet.missed += missedEarly;
        }
        if (last.isPresent()) {
            outlet.offerLast(last.get());
            outlet.publisher.close();
        } else {
            outlets.add(outlet);
        }
    }

    /** Tells every subscriber. */
    public synchronized void publish(BuildEvent event) {
        if (event instanceof BuildEvent.CellDone done) {
            follows.cellDone(done.cell(), done.machine());
        }
        if (last.isEmpty() && !subscribed) {
            if (early.size() < buffer) {
                early.add(event);
            } else {
                missedEarly++;
            }
        } else if (last.isEmpty()) {
            outlets.forEach(outlet -> outlet.offer(event));
            outlets.removeIf(outlet -> !outlet.publisher.hasSubscribers());
        }
    }

    /** Tells every subscriber the last event, which later subscribers get too. */
    public synchronized void end(BuildEvent event) {
        if (last.isEmpty()) {
            last = Optional.of(event);
            for (Outlet outlet : outlets) {
                outlet.offerLast(event);
                outlet.publisher.close();
            }
            outlets.clear();
        }
    }

    /** One subscriber's buffer. */
    private static final class Outlet {
        private final SubmissionPublisher<BuildEvent> publisher;
        private final int limit;
        private long missed;

        private Outlet(Executor executor, int buffer) {
            this.publisher = new SubmissionPublisher<>(executor, buffer + RESERVED);
            this.limit = buffer;
        }

        private void offer(BuildEvent event) {
            if (missed > 0 && publisher.estimateMaximumLag() < limit && put(new BuildEvent.Missed(missed))) {
                missed = 0;
            }
            if (missed > 0 || publisher.estimateMaximumLag() >= limit || !put(event)) {
                missed++;
            }
        }

        /** The last event always has a place: one is kept free for it and for the count of what was missed. */
        private void offerLast(BuildEvent event) {
            if (missed > 0) {
                put(new BuildEvent.Missed(missed));
            }
            put(event);
        }

        private boolean put(BuildEvent event) {
            boolean[] dropped = new boolean[1];
            publisher.offer(event, (subscriber, item) -> {
                dropped[0] = true;
                return false;
            });
            return !dropped[0];
        }
    }
}
