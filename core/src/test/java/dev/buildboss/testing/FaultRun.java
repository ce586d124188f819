package dev.buildboss.testing;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.boss.Boss;
import dev.buildboss.boss.EventHub;
import dev.buildboss.boss.FleetRules;
import dev.buildboss.boss.RunContext;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * One whole run of the real boss over a {@link FaultyFleet}, all of it drawn from a seed: the matrix, the machines, what goes
 * wrong with them, when the user stops the run, when this computer's disk refuses.
 */
public final class FaultRun {

    /** Above what any run needs; what goes round in circles is found out. */
    private static final int MAX_STEPS = 2_000_000;

    private final long seed;
    private final RandomGenerator random;
    private final ActorSystem<?> system;
    private final VirtualTime time;
    private final Path out;
    private final FullDisk disk;
    private final List<String> trace = new ArrayList<>();
    private final List<BuildEvent> events = new ArrayList<>();
    private final Set<Cell> told = new HashSet<>();
    private boolean diskFailed;
    private Optional<Duration> stopped = Optional.empty();

    private final BuildRequest request;
    private final Settings settings;
    private final List<FaultScript.Profile> profiles;
    private final Optional<Duration> stopAt;
    private final Optional<Duration> diskFailsAt;

    /**
     * A run to come.
     *
     * @param system made by {@link VirtualTime#system}
     * @param out the output directory; results that are there are kept, as in any run
     * @param round tells the runs of one seed apart
     */
    public FaultRun(long seed, int round, ActorSystem<?> system, Path out) {
        this.seed = seed * 10 + round;
        this.random = FaultScript.randomFor(this.seed, "run");
        this.system = system;
        this.time = VirtualTime.of(system);
        this.disk = FullDisk.at(out);
        this.out = disk.path(out);
        this.request = matrix(FaultScript.randomFor(seed, "matrix"), this.out);
        this.settings = settings(random);
        this.profiles = machines(random);
        this.stopAt = random.nextInt(5) == 0 ? Optional.of(FaultScript.between(0, 3600, random)) : Optional.empty();
        this.diskFailsAt =
                random.nextInt(10) == 0 ? Optional.of(FaultScript.between(60, 3600, random)) : Optional.empty();
    }

    private static BuildRequest matrix(RandomGenerator random, Path out) {
        List<Board> boards = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            boards.add(Board.of("b" + i, FaultScript.ARCHS.get(random.nextInt(FaultScript.ARCHS.size()))));
        }
        List<Commit> commits = new ArrayList<>();
        int series = 1 + random.nextInt(4);
        for (int i = 0; i < series; i++) {
            commits.add(new Commit(Integer.toHexString(0xa0 + i).repeat(20), "commit " + i));
        }
        return BuildRequest.of(Path.of("/nowhere/.git"), boards, commits, out);
    }

    private static Settings settings(RandomGenerator random) {
        return Settings.of(ConfigFactory.parseString("buildboss { protocol { max-line = 64 KiB, max-cell = 128 KiB }"
                + ", boss { event-buffer = 100000, write-buffer = " + (random.nextBoolean() ? "1 MiB" : "1 KiB")
                + ", max-attempts = " + (2 + random.nextInt(3)) + ", max-reconnects = " + random.nextInt(4) + " }"
                + ", schedule { placement = " + (random.nextInt(4) > 0 ? "predicted" : "first-come") + ", split = "
                + (random.nextInt(4) > 0) + ", hedge = " + (random.nextInt(4) > 0) + " } }"));
    }

    private static List<FaultScript.Profile> machines(RandomGenerator random) {
        List<FaultScript.Profile> profiles = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            boolean existing = random.nextInt(5) == 0;
            Set<Feature> features = EnumSet.noneOf(Feature.class);
            if (!existing) {
                for (Feature feature : Feature.values()) {
                    if (random.nextInt(6) > 0) {
                        features.add(feature);
                    }
                }
            }
            Set<String> archs = new HashSet<>(FaultScript.ARCHS);
            if (random.nextInt(4) == 0) {
                archs.remove(FaultScript.ARCHS.get(random.nextInt(FaultScript.ARCHS.size())));
            }
            Machine machine = i == 0 && random.nextInt(3) == 0
                    ? Machine.local()
                    : new Machine(
                            "m" + i,
                            "host" + i,
                            random.nextInt(4),
                            "~/w",
                            Optional.empty(),
                            existing ? List.of("buildman", "--worker") : List.of());
            double trouble = random.nextInt(4) == 0 ? 0 : random.nextDouble();
            profiles.add(new FaultScript.Profile(
                    machine, 1 + random.nextInt(6), features, archs, 0.25 + 2 * random.nextDouble(), trouble));
        }
        return profiles;
    }

    /** What happened, a line each. */
    public List<String> trace() {
        return trace;
    }

    /** How it ended, what kinds of fault struck, and how often. */
    public record Result(BuildReport report, Map<Fault, Integer> faults, int refusedByDisk, int givenBack) {}

    /** Runs it to its end, in virtual time, and checks what must hold; empty if there is nothing to build. */
    public Optional<Result> run() {
        time.reset(FaultScript.randomFor(seed, "order"));
        trace.add("seed " + seed + ": " + request.boards().size() + " boards × "
                + request.commits().size() + " commits; stop " + stopAt + "; disk fails " + diskFailsAt);
        profiles.forEach(profile -> trace.add("machine " + profile));
        String treeBefore = VirtualTime.tree(system);
        ResultStore store = ResultStore.open(request, settings.protocol().maxCell());
        Map<Cell, Built> previous = store.previous();
        FaultyFleet fleet = new FaultyFleet(
                time,
                seed,
                profiles,
                cell -> ResultStore.readCell(store.cellDir(cell)).isPresent(),
                cell -> diskFailed || told.contains(cell),
                settings.worker()
                        .heartbeatInterval()
                        .multipliedBy(settings.boss().missedHeartbeats()),
                trace);
        CompletableFuture<BuildReport> report = new CompletableFuture<>();
        if (previous.size() == request.cells()) {
            store.close();
            return Optional.empty(); // nothing to do: nobody is started
        }
        ActorRef<Boss.Command> boss = launch(store, previous, fleet, report);
        stopAt.ifPresent(at -> time.after(at, () -> stop(boss, report)));
        diskFailsAt.ifPresent(at -> time.after(at, this::failDisk));

        Duration limit = limit();
        boolean more = true;
        while (!report.isDone() && more) {
            time.runReady(MAX_STEPS);
            more = report.isDone() || (time.passToNextTimer() && time.now().compareTo(limit) < 0);
        }
        if (!report.isDone()) {
            throw new AssertionError("no end within " + limit + ": the time is " + time.now());
        }
        Duration took = time.now();
        settle();
        store.close();

        FaultChecks checks = new FaultChecks(request, settings, store, fleet, previous, events);
        checks.report(report.join(), stopped.isPresent(), diskFailed);
        checks.files(report.join());
        checks.rest(treeBefore, VirtualTime.tree(system));
        if (profiles.stream().anyMatch(FaultScript.Profile::steady)) {
            checks.nothingIsGivenUpAsLongAsAMachineIsThere(report.join(), diskFailed);
        }
        stopped.ifPresent(at -> checks.endsSoonAfterAStop(took.minus(at)));
        return Optional.of(new Result(report.join(), fleet.happened(), disk.refused(), fleet.givenBack()));
    }

    private ActorRef<Boss.Command> launch(
            ResultStore store, Map<Cell, Built> previous, FaultyFleet fleet, CompletableFuture<BuildReport> report) {
        EventHub hub = new EventHub(Runnable::run, settings.boss().eventBuffer());
        hub.subscribe(new EventRecorder(this::record));
        RunContext context = new RunContext(
                request,
                settings,
                List.of(fleet),
                FakeFleet.bundle(),
                store,
                hub,
                time.executor(),
                time.clock(),
                time::nanos,
                new ProtocolFlows(settings.protocol()),
                FleetRules.NONE,
                Estimates.EVEN);
        List<Machine> machines =
                profiles.stream().map(FaultScript.Profile::machine).toList();
        return system.systemActorOf(Boss.create(context, machines, previous, report), "boss", Props.empty());
    }

    private void stop(ActorRef<Boss.Command> boss, CompletableFuture<BuildReport> report) {
        if (report.isDone()) {
            return;
        }
        stopped = Optional.of(time.now());
        trace.add(time.now() + " the user stops the run");
        boss.tell(new Boss.StopRun(false));
        if (random.nextInt(3) == 0) {
            time.after(FaultScript.between(0, 6, random), () -> boss.tell(new Boss.StopRun(true)));
        }
    }

    /** The disk is full, for a while or for good; or the place where results are written is gone. */
    private void failDisk() {
        diskFailed = true;
        int kind = random.nextInt(3);
        trace.add(time.now() + " the disk fails: "
                + List.of("full", "full for a while", "spoiled").get(kind));
        if (kind == 2) {
            spoil(out.resolve(".bm-work/staging"));
        } else {
            disk.full(true);
            if (kind == 1) {
                time.after(FaultScript.between(0, 600, random), () -> disk.full(false));
            }
        }
    }

    private static void spoil(Path staging) {
        try {
            try (var files = Files.walk(staging)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            Files.writeString(staging, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is left of the fleet comes to its end; timers that go on for ever would be the boss's. */
    private void settle() {
        Duration end = time.now().plusDays(1);
        time.runReady(MAX_STEPS);
        while (time.now().compareTo(end) < 0 && time.passToNextTimer()) {
            time.runReady(MAX_STEPS);
        }
    }

    /** Every wait has its limit, and there are so many: nothing takes longer. */
    private Duration limit() {
        int connections = profiles.size() * (1 + settings.boss().maxReconnects());
        Duration waits = settings.boss()
                .boardLimit()
                .multipliedBy(2)
                .plus(settings.boss().readyTimeout())
                .plus(settings.boss().setupTimeout().multipliedBy(4))
                .plus(settings.ssh().pushTimeout());
        Duration work = Duration.ofMinutes(30)
                .multipliedBy((long) request.cells() * (settings.boss().maxAttempts() + profiles.size()));
        return waits.multipliedBy(connections).plus(work);
    }

    private void record(BuildEvent event) {
        trace.add(time.now() + " " + event);
        events.add(event);
        if (event instanceof BuildEvent.CellDone done) {
            told.add(done.cell());
        }
    }
}
