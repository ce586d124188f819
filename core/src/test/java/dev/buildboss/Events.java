package dev.buildboss;

import dev.buildboss.testing.Waits;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A subscriber that keeps every event. */
final class Events implements Flow.Subscriber<BuildEvent> {

    private final List<BuildEvent> seen = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final CountDownLatch completed = new CountDownLatch(1);
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(BuildEvent event) {
        lock.lock();
        try {
            seen.add(event);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable thrown) {
        failure.complete(thrown);
        completed.countDown();
    }

    @Override
    public void onComplete() {
        completed.countDown();
    }

    /** Waits for the first event of that kind. */
    <T extends BuildEvent> T awaitFirst(Class<T> kind) throws InterruptedException {
        lock.lock();
        try {
            long left = Waits.LIMIT.toNanos();
            while (left > 0) {
                for (BuildEvent event : seen) {
                    if (kind.isInstance(event)) {
                        return kind.cast(event);
                    }
                }
                left = more.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        throw new AssertionError("no " + kind.getSimpleName() + " among " + seen);
    }

    /** Waits for the end, and gives all that came. */
    List<BuildEvent> awaitAll() throws InterruptedException {
        if (!completed.await(Waits.LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("no end after " + seen);
        }
        return List.copyOf(seen);
    }
}
