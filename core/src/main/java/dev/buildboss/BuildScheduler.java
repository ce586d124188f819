package dev.buildboss;

import static java.util.Objects.requireNonNull;

import dev.buildboss.boss.Boss;
import dev.buildboss.boss.EventHub;
import dev.buildboss.boss.FleetRules;
import dev.buildboss.boss.RunContext;
import dev.buildboss.follow.FollowSocket;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.toolchain.HostCompilers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private static final long TERMINATION_SECONDS = 5;

    private final Settings settings;
    private final List<WorkerTransport> transports;
    private final WorkerBundle bundle;
    private final Clock clock;
    private final Function<Set<String>, HostCompilers> compilers;
    private final Function<BuildRequest, Estimates> estimates;
    private final ActorSystem<?> system;
    private final boolean ownsSystem;
    /** Begins and ends runs, which blocks. */
    private final ExecutorService background;

    /** Calls subscribers: what they do must not hold up the actors. */
    private final ExecutorService subscribers;

    private final ExecutorService closers;
    private final ProtocolFlows flows;
    private final List<ScheduledRun> running = new ArrayList<>();
    private boolean closed;

    private BuildScheduler(Builder builder) {
        this.settings = builder.settings;
        this.transports = List.copyOf(builder.transports);
        this.bundle = requireNonNull(builder.bundle, "a worker bundle");
        this.clock = builder.clock;
        this.compilers = builder.compilers.orElse(archs -> HostCompilers.find(settings.toolchains(), archs));
        this.estimates = builder.estimates;
        this.ownsSystem = builder.system == null;
        this.system = builder.system != null
                ? builder.system
                : ActorSystem.create(Behaviors.empty(), "buildboss", QuietActors.config());
        this.flows = new ProtocolFlows(settings.protocol());
        this.background = SchedulerThreads.pool("buildboss-run", MAX_STARTING);
        this.closers = SchedulerThreads.pool("buildboss-closer", MAX_CLOSERS);
        this.subscribers = SchedulerThreads.subscribers();
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
        return start(request, machines, Map.of());
    }

    /**
     * Builds on these machines, but not everything on each.
     *
     * @param setAside by machine's name and architecture, why boards of that do not go there
     */
    public BuildRun start(BuildRequest request, List<Machine> machines, Map<String, Map<String, String>> setAside) {
        return begin(request, machines, setAside, settings.verify().machines());
    }

    private ScheduledRun begin(
            BuildRequest request, List<Machine> machines, Map<String, Map<String, String>> setAside, boolean verify) {
        if (machines.isEmpty()) {
            throw new BuildbossException("no machines to build on");
        }
        ScheduledRun run =
                new ScheduledRun(new EventHub(subscribers, settings.boss().eventBuffer()));
        synchronized (this) {
            if (closed) {
                throw new BuildbossException("the scheduler is closed");
            }
            running.add(run);
        }
        var unused = run.future().whenComplete((report, failure) -> forget(run));
        background.execute(() -> {
            try {
                prepare(run, request, List.copyOf(machines), setAside, verify);
            } catch (RuntimeException e) {
                run.fail(e);
            }
        });
        return run;
    }

    private void prepare(
            ScheduledRun run,
            BuildRequest request,
            List<Machine> machines,
            Map<String, Map<String, String>> setAside,
            boolean verify) {
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
                verified(run, request, machines, verify)
                        .thenAccept(canary -> launch(run, request, machines, store, previous, setAside, canary))
                        .exceptionally(failure -> {
                            finish(run, store, null, failure);
                            return null;
                        });
            }
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Compares the images that the machines make. */
    private CompletableFuture<Optional<FleetRules.Admission>> verified(
            ScheduledRun run, BuildRequest request, List<Machine> machines, boolean verify) {
        if (!verify || machines.size() < 2) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return new Canary(request, machines, settings.verify().board(), run.hub(), background, (part, machine) -> {
                    ScheduledRun one = begin(part, List.of(machine), Map.of(), false);
                    run.waitsFor(one);
                    return one;
                })
                .run()
                .thenApply(Optional::of);
    }

    private void announce(ScheduledRun run, BuildRequest request, List<Machine> machines, Map<Cell, Built> previous) {
        boolean local = machines.stream().anyMatch(Machine::isLocal);
        run.announce(
                new BuildEvent.RunStarted(
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
                                .toList()),
                previous.keySet());
    }

    /** Nothing is to be built: no machine is asked. */
    private static void endWithout(ScheduledRun run, Map<Cell, Built> previous) {
        run.end(new BuildReport(
                new HashMap<Cell, CellOutcome>(previous), previous.size(), Duration.ZERO, false, List.of(), List.of()));
    }

    private void launch(
            ScheduledRun run,
            BuildRequest request,
            List<Machine> machines,
            ResultStore store,
            Map<Cell, Built> previous,
            Map<String, Map<String, String>> setAside,
            Optional<FleetRules.Admission> admission) {
        FleetRules rules = new FleetRules(ownCompilers(run, request, machines), setAside, admission);
        RunContext context = new RunContext(
                request,
                settings,
                transports,
                bundle,
                store,
                run.hub(),
                closers,
                clock,
                System::nanoTime,
                flows,
                rules,
                estimates.apply(request));
        Optional<FollowSocket> follow = FollowSocket.letFollow(run.hub().follows(), request, previous.keySet());
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        var unused = report.whenCompleteAsync(
                (result, failure) -> {
                    follow.ifPresent(FollowSocket::end);
                    finish(run, store, result, failure);
                },
                background);
        run.begin(system.systemActorOf(
                Boss.create(context, machines, previous, report), "boss-" + RUNS.incrementAndGet(), Props.empty()));
    }

    /** They are looked for while machines are connected to, and only where there are any to compare with. */
    private CompletableFuture<HostCompilers> ownCompilers(
            ScheduledRun run, BuildRequest request, List<Machine> machines) {
        if (machines.stream().allMatch(Machine::isLocal)) {
            return CompletableFuture.completedFuture(HostCompilers.NONE);
        }
        Set<String> archs = request.boards().stream().map(Board::arch).collect(Collectors.toSet());
        return CompletableFuture.supplyAsync(() -> compilers.apply(archs), background)
                .handle((found, failure) -> run.compilers(found, failure));
    }

    private static void finish(
            ScheduledRun run, ResultStore store, @Nullable BuildReport result, @Nullable Throwable failure) {
        try {
            store.close();
        } catch (BuildbossException e) {
            run.hub().publish(new BuildEvent.Notice("", String.valueOf(e.getMessage()))); // the results are all there
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

    private synchronized void forget(ScheduledRun run) {
        running.remove(run);
    }

    /** Cancels what runs, waits for its end (twice {@code boss.quit-timeout} at most), and ends what it started itself. */
    @Override
    public void close() {
        List<ScheduledRun> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running);
        }
        left.forEach(ScheduledRun::cancel);
        Duration patience = settings.boss().quitTimeout().multipliedBy(2);
        CompletableFuture.allOf(left.stream().map(run -> run.future()).toArray(CompletableFuture[]::new))
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

    /** Collects a scheduler's parts. Not safe for threads. */
    public static final class Builder {
        private final List<WorkerTransport> transports = new ArrayList<>();
        private Settings settings = Settings.defaults();
        private Clock clock = Clock.systemUTC();
        private @Nullable WorkerBundle bundle;
        private @Nullable ActorSystem<?> system;
        private Optional<Function<Set<String>, HostCompilers>> compilers = Optional.empty();
        private Function<BuildRequest, Estimates> estimates = request -> Estimates.EVEN;

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

        /**
         * What this computer's compilers for some architectures are, with which those of machines are compared; it may block.
         * Otherwise they are looked for.
         */
        public Builder compilers(Function<Set<String>, HostCompilers> value) {
            compilers = Optional.of(value);
            return this;
        }

        /** What a run's builds are expected to cost, by which boards are placed; it may block. Otherwise all count the same. */
        public Builder estimates(Function<BuildRequest, Estimates> value) {
            estimates = requireNonNull(value);
            return this;
        }

        /** The clock for logs and durations; what a run itself reckons goes by {@link System#nanoTime}. */
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
