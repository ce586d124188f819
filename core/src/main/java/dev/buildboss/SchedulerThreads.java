package dev.buildboss;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a {@link BuildScheduler}: few, and none that keeps a program alive. */
final class SchedulerThreads {

    private static final long IDLE_SECONDS = 10;

    private SchedulerThreads() {}

    /** Threads that go when they have nothing to do. */
    static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** One thread for each subscriber that is at work: one that blocks holds up itself alone. */
    static ExecutorService subscribers() {
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "buildboss-events");
            thread.setDaemon(true);
            return thread;
        });
    }
}
