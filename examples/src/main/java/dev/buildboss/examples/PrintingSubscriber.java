package dev.buildboss.examples;

import dev.buildboss.BuildEvent;
import java.util.concurrent.Flow;

/** Prints each finished cell. It asks for one event at a time: a subscriber that is slow misses events, the build never waits. */
final class PrintingSubscriber implements Flow.Subscriber<BuildEvent> {

    private Flow.Subscription subscription = new NoSubscription();

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        subscription.request(1);
    }

    @Override
    public void onNext(BuildEvent event) {
        if (event instanceof BuildEvent.CellDone done) {
            System.out.println(
                    done.cell().board() + " at commit " + (done.cell().commit() + 1) + ": " + done.outcome());
        } else if (event instanceof BuildEvent.Missed missed) {
            System.out.println("(too slow for " + missed.events() + " events)");
        }
        subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        System.err.println("events end early: " + failure.getMessage());
    }

    @Override
    public void onComplete() {}

    private static final class NoSubscription implements Flow.Subscription {
        @Override
        public void request(long events) {}

        @Override
        public void cancel() {}
    }
}
