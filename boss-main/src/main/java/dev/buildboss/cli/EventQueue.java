package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands a run's events from the scheduler's threads to the one that shows them. Holds at most as many as it has asked for: the
 * scheduler itself counts what is dropped beyond its own buffer.
 */
final class EventQueue implements Flow.Subscriber<BuildEvent> {

    private static final int WINDOW = 256;

    /** What comes next. */
    sealed interface Next {
        /** An event. */
        record Event(BuildEvent event) implements Next {}

        /** Nothing has come. */
        record Nothing() implements Next {}

        /** No more events. */
        record End() implements Next {}
    }

    private final BlockingQueue<Next> queue = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;

    /** The next event, waiting for it for a while. */
    Next take(Duration wait) throws InterruptedException {
        Next next = queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            return new Next.Nothing();
        }
        Flow.Subscription current = subscription;
        if (next instanceof Next.Event && current != null) {
            current.request(1);
        }
        return next;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(WINDOW);
    }

    @Override
    public void onNext(BuildEvent event) {
        queue.add(new Next.Event(event));
    }

    @Override
    public void onError(Throwable failure) {
        queue.add(new Next.End());
    }

    @Override
    public void onComplete() {
        queue.add(new Next.End());
    }
}
