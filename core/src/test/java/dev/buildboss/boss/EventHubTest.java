package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.Missed;
import dev.buildboss.BuildEvent.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class EventHubTest {

    private static final int BUFFER = 16;

    private final EventHub hub = new EventHub(Runnable::run, BUFFER);

    @Test
    void givesEverySubscriberEveryEventInOrder() {
        Slow one = subscribe(Long.MAX_VALUE);
        Slow two = subscribe(Long.MAX_VALUE);

        hub.publish(notice(1));
        hub.end(notice(2));

        assertThat(one.seen).containsExactly(notice(1), notice(2));
        assertThat(two.seen).isEqualTo(one.seen);
        assertThat(one.completed).isTrue();
    }

    @Test
    void tellsASlowSubscriberHowManyItMissedAndAlwaysTheLast() {
        Slow slow = subscribe(0);
        for (int i = 0; i < BUFFER + 5; i++) {
            hub.publish(notice(i));
        }
        hub.end(notice(99));

        slow.subscription.request(Long.MAX_VALUE);

        assertThat(slow.seen).hasSize(BUFFER + 2);
        assertThat(slow.seen.subList(0, 3)).containsExactly(notice(0), notice(1), notice(2));
        assertThat(slow.seen.subList(BUFFER, BUFFER + 2)).containsExactly(new Missed(5), notice(99));
        assertThat(slow.completed).isTrue();
    }

    @Test
    void tellsWhatWasMissedBeforeItGoesOn() {
        Slow slow = subscribe(0);
        for (int i = 0; i < BUFFER + 3; i++) {
            hub.publish(notice(i));
        }
        slow.subscription.request(BUFFER);
        hub.publish(notice(50));
        slow.subscription.request(10);

        assertThat(slow.seen.subList(BUFFER, BUFFER + 2)).containsExactly(new Missed(3), notice(50));
    }

    @Test
    void aSlowSubscriberCostsTheOthersNothing() {
        Slow slow = subscribe(0);
        Slow fast = subscribe(Long.MAX_VALUE);

        for (int i = 0; i < 100; i++) {
            hub.publish(notice(i));
        }

        assertThat(fast.seen).hasSize(100);
        assertThat(slow.seen).isEmpty();
    }

    @Test
    void theFirstSubscriberGetsTheBeginningAndLaterOnesDoNot() {
        hub.publish(notice(1));
        Slow first = subscribe(Long.MAX_VALUE);
        Slow second = subscribe(Long.MAX_VALUE);
        hub.publish(notice(2));

        assertThat(first.seen).containsExactly(notice(1), notice(2));
        assertThat(second.seen).containsExactly(notice(2));
    }

    @Test
    void aSubscriberAfterTheEndGetsTheLastEvent() {
        Slow first = subscribe(Long.MAX_VALUE);
        hub.publish(notice(1));
        hub.end(notice(2));

        Slow late = subscribe(Long.MAX_VALUE);

        assertThat(first.seen).hasSize(2);
        assertThat(late.seen).containsExactly(notice(2));
        assertThat(late.completed).isTrue();
    }

    @Test
    void aSubscriberThatCancelsOrAsksForNothingSensibleIsLeftOut() {
        Slow cancelled = subscribe(Long.MAX_VALUE);
        Slow wrong = subscribe(0);
        cancelled.subscription.cancel();
        wrong.subscription.request(-1);

        hub.publish(notice(1));

        assertThat(cancelled.seen).isEmpty();
        assertThat(wrong.error).isInstanceOf(IllegalArgumentException.class);
    }

    private Slow subscribe(long demand) {
        Slow subscriber = new Slow(demand);
        hub.subscribe(subscriber);
        return subscriber;
    }

    private static BuildEvent notice(int number) {
        return new Notice("", "event " + number);
    }

    private static final class Slow implements Flow.Subscriber<BuildEvent> {
        private final List<BuildEvent> seen = new ArrayList<>();
        private final long demand;
        private Flow.Subscription subscription;
        private Throwable error;
        private boolean completed;

        private Slow(long demand) {
            this.demand = demand;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (demand > 0) {
                given.request(demand);
            }
        }

        @Override
        public void onNext(BuildEvent event) {
            seen.add(event);
        }

        @Override
        public void onError(Throwable thrown) {
            error = thrown;
        }

        @Override
        public void onComplete() {
            completed = true;
        }
    }
}
