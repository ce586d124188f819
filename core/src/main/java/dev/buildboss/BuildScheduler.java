package dev.buildboss;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.buildboss.boss.Boss;
import dev.buildboss.boss.EventHub;
import dev.buildboss.boss.RunContext;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.spi.WorkerTransport;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Builds matrices of boards × commits: the library's one entry.
 *
 * <p>A scheduler may run several matrices at once, each in an output directory of its own. Its methods may be called from any
 * thread and return at once, {@link #close} excepted. Events and reports come on the actor system's and the scheduler's own
 * threads: what they call must not block.
 */
public final class BuildScheduler implements AutoCloseable {

    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final int MAX_STARTING = 4;
    private static final int MAX_CLOSERS = 16;
    private static final long IDLE_SECONDS = 10;
    private static final long TERMINATION_SECONDS = 5;

    private final Settings settings;
    private final List<WorkerTransport> transports;
    private final WorkerBundle bundle;
    private final Clock clock;
    private final ActorSystem<?> system;
    private final boolean ownsSystem;
    /** Begins and ends runs, which blocks. */
    private final ExecutorService background;

    /** Calls subscribers: what they do must not hold up the actors. */
    private final ExecutorService subscribers;

    private final ExecutorService closers;
    private final ProtocolFlows flows;
    private final List<Run> running = new ArrayList<>();
    private boolean closed;

    private BuildScheduler(Builder builder) {
        this.settings = builder.settings;
        this.transports = List.copyOf(builder.transports);
        this.bundle = requireNonNull(builder.bundle, "a worker bundle");
        this.clock = builder.clock;
        this.ownsSystem = builder.system == null;
        this.system = builder.system != null
                ? builder.system
                : ActorSystem.create(Behaviors.empty(), "buildboss", systemConfig());
        this.flows = new ProtocolFlows(settings.protocol());
        this.background = pool("buildboss-run", MAX_STARTING);
        this.closers = pool("buildboss-closer", MAX_CLOSERS);
        // One thread for each subscriber that is at work: one that blocks holds up itself alone.
        this.subscribers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "buildboss-events");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Pekko's own settings, made quiet and small: what a run says, it says by its events. */
    private static Config systemConfig() {
        return ConfigFactory.parseString("""
                        pekko {
                          loglevel = WARNING
                          stdout-loglevel = OFF
                          log-dead-letters = off
                          log-dead-letters-during-shutdown = off
                          loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                          logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
                          actor.default-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 1 }
                          scheduler.tick-duration = 50ms # no limit of ours is finer, and each tick is a change of threads
                          daemonic = on
                          jvm-exit-on-fatal-error = off
                          coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        }
                        """).withFallback(ConfigFactory.load(BuildScheduler.class.getClassLoader()));
    }

    /** A scheduler's parts; a worker bundle and a transport for each kind of machine are needed. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds on this computer only. */
    public BuildRun start(BuildRequest request) {
        return start(request, List.of(Machine.local()));
    }

    /**
     * Builds on these machines.
     *
     * @param machines at least one; {@link Machine#local()} is this computer
     * @return the run; what keeps it from starting fails its report with a {@link BuildbossException}
     */
    public BuildRun start(BuildRequest request, List<Machine> machines) {
        if (machines.isEmpty()) {
            throw new BuildbossException("no machines to build on");
        }
        Run run = new Run(new EventHub(subscribers, settings.boss().eventBuffer()));
        synchronized (this) {
            if (closed) {
                throw new BuildbossException("the scheduler is closed");
            }
            running.add(run);
        }
        var unused = run.report.whenComplete((report, failure) -> forget(run));
        background.execute(() -> {
            try {
                prepare(run, request, List.copyOf(machines));
            } catch (RuntimeException e) {
                run.fail(e);
            }
        });
        return run;
    }

    private void prepare(Run run, BuildRequest request, List<Machine> machines) {
        if (request.dryRun()) {
            Map<Cell, Built> previous = ResultStore.peek(request);
            announce(run, request, machines, previous);
            endWithout(run, previous);
            return;
        }
        ResultStore store = ResultStore.open(request, settings.protocol().maxCell());
        try {
            Map<Cell, Built> previous = store.previous();
            announce(run, request, machines, previous);
            if (previous.size() == request.cells()) {
                store.close();
                endWithout(run, previous);
            } else {
                launch(run, request, machines, store, previous);
            }
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void announce(Run run, BuildRequest request, List<Machine> machines, Map<Cell, Built> previous) {
        boolean local = machines.stream().anyMatch(Machine::isLocal);
        run.hub.publish(new BuildEvent.RunStarted(
                request.boards().size(),
                request.commits().size(),
                request.current(),
                request.cells(),
                previous.size(),
                local ? localSlots(request) : 0,
                localJobs(request),
                machines.stream()
                        .filter(machine -> !machine.isLocal())
                        .map(Machine::name)
                        .toList()));
    }

    /** Nothing is to be built: no machine is asked. */
    private static void endWithout(Run run, Map<Cell, Built> previous) {
        run.end(new BuildReport(
                new HashMap<Cell, CellOutcome>(previous), previous.size(), Duration.ZERO, false, List.of(), List.of()));
    }

    private void launch(
            Run run, BuildRequest request, List<Machine> machines, ResultStore store, Map<Cell, Built> previous) {
        RunContext context =
                new RunContext(request, settings, transports, bundle, store, run.hub, closers, clock, flows);
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        var unused = report.whenCompleteAsync((result, failure) -> finish(run, store, result, failure), background);
        run.begin(system.systemActorOf(
                Boss.create(context, machines, previous, report), "boss-" + RUNS.incrementAndGet(), Props.empty()));
    }

    private static void finish(Run run, ResultStore store, @Nullable BuildReport result, @Nullable Throwable failure) {
        try {
            store.close();
        } catch (BuildbossException e) {
            run.hub.publish(new BuildEvent.Notice("", String.valueOf(e.getMessage()))); // the results are all there
        }
        if (result != null) {
            run.end(result);
        } else {
            run.fail(requireNonNull(failure));
        }
    }

    /** Boards at once on this computer: the setting, or one for each CPU thread, but no more than there are boards. */
    private int localSlots(BuildRequest request) {
        int threads = settings.local().slots() > 0
                ? settings.local().slots()
                : Runtime.getRuntime().availableProcessors();
        return Math.min(threads, request.boards().size());
    }

    private int localJobs(BuildRequest request) {
        return settings.local().jobs() > 0
                ? settings.local().jobs()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / localSlots(request));
    }

    private synchronized void forget(Run run) {
        running.remove(run);
    }

    /** Cancels what runs, waits for its end (twice {@code boss.quit-timeout} at most), and ends what it started itself. */
    @Override
    public void close() {
        List<Run> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running);
        }
        left.forEach(Run::cancel);
        Duration patience = settings.boss().quitTimeout().multipliedBy(2);
        CompletableFuture.allOf(left.stream().map(run -> run.report).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((ok, failure) -> "")
                .join();
        if (ownsSystem) {
            system.terminate();
            system.getWhenTerminated()
                    .toCompletableFuture()
                    .thenApply(done -> "")
                    .completeOnTimeout("", TERMINATION_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
        background.shutdown();
        subscribers.shutdown();
        closers.shutdown();
    }

    /** One run as its caller sees it. */
    private static final class Run implements BuildRun {
        private final EventHub hub;
        private final CompletableFuture<BuildReport> report = new CompletableFuture<>();
        private @Nullable ActorRef<Boss.Command> boss;
        private Optional<Boss.StopRun> stop = Optional.empty();

        private Run(EventHub hub) {
            this.hub = hub;
        }

        private synchronized void begin(ActorRef<Boss.Command> started) {
            boss = started;
            stop.ifPresent(started::tell);
        }

        private void end(BuildReport result) {
            hub.end(new BuildEvent.RunEnded(result, result.duration()));
            report.complete(result);
        }

        private void fail(Throwable failure) {
            hub.end(new BuildEvent.Notice("", String.valueOf(failure.getMessage())));
            report.completeExceptionally(failure);
        }

        @Override
        public Flow.Publisher<BuildEvent> events() {
            return hub;
        }

        @Override
        public CompletionStage<BuildReport> report() {
            return report.minimalCompletionStage();
        }

        @Override
        public void cancel() {
            stop(false);
        }

        @Override
        public void cancelNow() {
            stop(true);
        }

        private synchronized void stop(boolean now) {
            Boss.StopRun message = new Boss.StopRun(now);
            stop = Optional.of(message);
            if (boss != null) {
                boss.tell(message);
            }
        }
    }

    /** Collects a scheduler's parts. Not safe for threads. */
    public static final class Builder {
        private final List<WorkerTransport> transports = new ArrayList<>();
        private Settings settings = Settings.defaults();
        private Clock clock = Clock.systemUTC();
        private @Nullable WorkerBundle bundle;
        private @Nullable ActorSystem<?> system;

        private Builder() {}

        /** The settings; the defaults of {@code reference.conf} otherwise. */
        public Builder settings(Settings value) {
            settings = requireNonNull(value);
            return this;
        }

        /** A way to reach machines; the first that serves a machine is used. The caller closes it, after the scheduler. */
        public Builder transport(WorkerTransport value) {
            transports.add(requireNonNull(value));
            return this;
        }

        /** The worker's program. */
        public Builder bundle(WorkerBundle value) {
            bundle = requireNonNull(value);
            return this;
        }

        /** An actor system of the caller's, which the scheduler leaves running; it makes one of its own otherwise. */
        public Builder actorSystem(ActorSystem<?> value) {
            system = requireNonNull(value);
            return this;
        }

        /** The clock for logs and durations. */
        public Builder clock(Clock value) {
            clock = requireNonNull(value);
            return this;
        }

        /**
         * The scheduler.
         *
         * @throws NullPointerException without a bundle
         */
        public BuildScheduler build() {
            return new BuildScheduler(this);
        }
    }
}
