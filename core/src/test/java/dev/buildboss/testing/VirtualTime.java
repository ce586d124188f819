package dev.buildboss.testing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.Closeable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.ActorSystemImpl;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The time and the threads of an actor system, in the hands of one test: timers fire only where the test lets time pass, and all
 * that is ready to run (actors, streams, what is given to {@link #executor()}) runs on the test's thread, one piece at a time, in
 * an order drawn from a seed. So a run with that seed goes the same way again, and takes no longer than its work.
 *
 * <p>It starts when the actor system is up; until then the system has threads of its own.
 */
public final class VirtualTime extends AbstractScheduler implements Closeable {

    /** When a run begins; the year tells logs of simulated runs from others. */
    private static final Instant BEGINNING = Instant.parse("2100-01-01T00:00:00Z");

    private final Ready ready = new Ready();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::atNs).thenComparingLong(Timer::sequence));

    private long nowNs;
    private long timersMade;

    /** Called by Pekko. */
    public VirtualTime(Config config, LoggingAdapter log, ThreadFactory threads) {}

    /** An actor system that lives in virtual time from its start on. */
    public static org.apache.pekko.actor.typed.ActorSystem<Void> system(String name) {
        Config config = ConfigFactory.parseString(
                        "pekko { loglevel = WARNING, stdout-loglevel = OFF, log-dead-letters = off,"
                                + " log-dead-letters-during-shutdown = off, coordinated-shutdown.run-by-jvm-shutdown-hook = off,"
                                + " scheduler.implementation = \"" + VirtualTime.class.getName() + "\","
                                + " actor.default-dispatcher.executor = \"" + Executor.class.getName() + "\","
                                + " actor.internal-dispatcher.executor = \"" + Executor.class.getName() + "\" },"
                                + " buildboss-own-thread { type = Dispatcher, executor = \"" + Executor.class.getName()
                                + "\" }")
                .withFallback(ConfigFactory.load());
        org.apache.pekko.actor.typed.ActorSystem<Void> system =
                org.apache.pekko.actor.typed.ActorSystem.create(Behaviors.empty(), name, config);
        of(system).ready.takeOver();
        of(system).runReady(1_000_000);
        return system;
    }

    /** The time of a system made by {@link #system}. */
    public static VirtualTime of(org.apache.pekko.actor.typed.ActorSystem<?> system) {
        return (VirtualTime) Adapter.toClassic(system).scheduler();
    }

    /** Back to the beginning, for another run of the same system. */
    public synchronized void reset(RandomGenerator random) {
        if (ready.size() + timers.size() > 0) {
            throw new IllegalStateException(
                    "the run before has left " + ready.size() + " tasks and " + timers.size() + " timers: " + timers);
        }
        nowNs = 0;
        ready.random = random;
    }

    /** Runs what it is given among all the rest. */
    public java.util.concurrent.Executor executor() {
        return ready;
    }

    /** Since the beginning. */
    public synchronized Duration now() {
        return Duration.ofNanos(nowNs);
    }

    /** The same in nanoseconds, as {@link System#nanoTime} tells them. */
    public long nanos() {
        return now().toNanos();
    }

    /** The same as the time of day. */
    public Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return BEGINNING.plus(now());
            }
        };
    }

    /** Runs all that can run without time passing; at most so many pieces. */
    public void runReady(int most) {
        for (int i = 0; i < most; i++) {
            Runnable task = ready.take();
            if (task == null) {
                return;
            }
            task.run();
        }
        throw new IllegalStateException("still busy after " + most + " pieces of work at " + now());
    }

    /** Lets time pass up to the next timer, and fires it; false if there is none. */
    public boolean passToNextTimer() {
        Timer next;
        synchronized (this) {
            next = timers.poll();
            if (next == null) {
                return false;
            }
            nowNs = Math.max(nowNs, next.atNs);
        }
        next.context.execute(next.task);
        return true;
    }

    /** After a time, unless it is cancelled. */
    public Cancellable after(Duration delay, Runnable task) {
        return schedule(delay.toNanos(), task, ExecutionContext.fromExecutor(ready));
    }

    private synchronized Timer schedule(long delayNs, Runnable task, ExecutionContext context) {
        Timer timer = new Timer(this, nowNs + Math.max(0, delayNs), timersMade++, task, context);
        timers.add(timer);
        return timer;
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext context) {
        return schedule(delay.toNanos(), task, context);
    }

    @Override
    @Deprecated
    public Cancellable schedule(
            FiniteDuration delay, FiniteDuration interval, Runnable task, ExecutionContext context) {
        return scheduleAtFixedRate(delay, interval, task, context);
    }

    @Override
    public double maxFrequency() {
        return 1e9;
    }

    @Override
    public synchronized void close() {
        timers.clear();
    }

    /** Every actor of the system, as a tree in text. */
    public static String tree(org.apache.pekko.actor.typed.ActorSystem<?> system) {
        return ((ActorSystemImpl) Adapter.toClassic(system)).printTree();
    }

    /** Ends a system, which needs its time for that. */
    public static void end(org.apache.pekko.actor.typed.ActorSystem<?> system) {
        VirtualTime time = of(system);
        system.terminate();
        for (int i = 0;
                i < 10_000 && !system.getWhenTerminated().toCompletableFuture().isDone();
                i++) {
            time.runReady(1_000_000);
            time.passToNextTimer();
        }
    }

    private record Timer(VirtualTime time, long atNs, long sequence, Runnable task, ExecutionContext context)
            implements Cancellable {
        @Override
        public boolean cancel() {
            synchronized (time) {
                return time.timers.removeIf(timer -> timer == this);
            }
        }

        @Override
        public boolean isCancelled() {
            synchronized (time) {
                return time.timers.stream().noneMatch(timer -> timer == this);
            }
        }

        @Override
        public String toString() {
            return task + " at " + Duration.ofNanos(atNs);
        }
    }

    /** What can run now. */
    private static final class Ready extends AbstractExecutorService {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<Runnable> tasks = new ArrayList<>();
        private RandomGenerator random = new java.util.SplittableRandom(0);
        private boolean taken;
        private @Nullable Thread owner;
        private boolean foreign;

        @Override
        public synchronized void execute(Runnable task) {
            if (taken) {
                tasks.add(task);
                foreign |= Thread.currentThread() != owner;
            } else {
                threads.execute(task);
            }
        }

        /** From now on nothing runs but by {@link #take}. What runs already is waited for. */
        private void takeOver() {
            synchronized (this) {
                taken = true;
                owner = Thread.currentThread();
                threads.shutdown();
            }
            try {
                if (!threads.awaitTermination(Waits.LIMIT_S, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the actor system does not come to rest");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            synchronized (this) {
                foreign = false;
            }
        }

        private synchronized int size() {
            return tasks.size();
        }

        private synchronized @Nullable Runnable take() {
            if (foreign) {
                throw new IllegalStateException("something runs on a thread of its own: nothing here can be replayed");
            }
            if (tasks.isEmpty()) {
                return null;
            }
            int chosen = random.nextInt(tasks.size());
            Runnable task = tasks.get(chosen);
            int last = tasks.size() - 1;
            tasks.set(chosen, tasks.get(last));
            tasks.remove(last);
            return task;
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    /** Called by Pekko: a dispatcher's threads are the test's. */
    public static final class Executor extends ExecutorServiceConfigurator {
        private final VirtualTime time;

        /** Called by Pekko. */
        public Executor(Config config, DispatcherPrerequisites prerequisites) {
            super(config, prerequisites);
            time = (VirtualTime) prerequisites.scheduler();
        }

        @Override
        public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
            return () -> time.ready;
        }
    }
}
