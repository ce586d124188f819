package dev.buildboss.testing;

import dev.buildboss.BuildEvent;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** A subscriber that hands every event on, in whatever thread it comes; a run whose events fail fails its test. */
public record EventRecorder(Consumer<BuildEvent> seen) implements Flow.Subscriber<BuildEvent> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(BuildEvent event) {
        seen.accept(event);
    }

    @Override
    public void onError(Throwable thrown) {
        throw new AssertionError(thrown);
    }

    @Override
    public void onComplete() {}
}
