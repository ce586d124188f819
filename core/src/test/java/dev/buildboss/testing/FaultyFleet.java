package dev.buildboss.testing;

import dev.buildboss.MachineException;
import dev.buildboss.model.Cell;
import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Machines in memory and in virtual time whose connections go wrong as a seed says, and which watch the boss meanwhile: what it
 * must not do to a worker is a {@link #violations violation}.
 *
 * <p>For the test's thread alone.
 */
final class FaultyFleet implements WorkerTransport {

    private final VirtualTime time;
    private final long seed;
    private final Map<String, FaultScript.Profile> profiles = new LinkedHashMap<>();
    private final Predicate<Cell> stored;
    private final Predicate<Cell> told;
    private final Duration patience;
    private final List<String> trace;
    private final Map<String, Integer> connections = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final List<FaultyWorker> workers = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private int givenBack;
    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private final Map<String, Map<String, String>> filesByTag = new HashMap<>();

    /**
     * A fleet.
     *
     * @param stored whether a cell's result is on disk
     * @param told whether a cell's outcome is told
     * @param patience how long a worker of ours may be silent
     * @param trace gets a line for all that happens
     */
    FaultyFleet(
            VirtualTime time,
            long seed,
            List<FaultScript.Profile> profiles,
            Predicate<Cell> stored,
            Predicate<Cell> told,
            Duration patience,
            List<String> trace) {
        this.time = time;
        this.seed = seed;
        profiles.forEach(profile -> this.profiles.put(profile.machine().name(), profile));
        this.stored = stored;
        this.told = told;
        this.patience = patience;
        this.trace = trace;
    }

    /** How long a worker of ours may be silent. */
    Duration patience() {
        return patience;
    }

    /** What the boss did and must not do. */
    List<String> violations() {
        return violations;
    }

    /** How often each fault struck. */
    Map<Fault, Integer> happened() {
        return happened;
    }

    /** The files of a cell that a worker wrote under this tag, if one did. */
    Optional<Map<String, String>> files(String tag) {
        return Optional.ofNullable(filesByTag.get(tag));
    }

    /** What should have ended with the run and did not. */
    List<String> leftOvers() {
        List<String> left = new ArrayList<>();
        links.stream().filter(link -> !link.closed).forEach(link -> left.add("link " + link.name + " is open"));
        workers.stream().filter(worker -> !worker.isGone()).forEach(worker -> left.add("worker " + worker + " lives"));
        return left;
    }

    VirtualTime time() {
        return time;
    }

    void trace(String who, String what) {
        trace.add(time.now() + " " + who + ": " + what);
    }

    void violation(String who, String what) {
        trace(who, "VIOLATION " + what);
        violations.add(who + ": " + what);
    }

    void happens(String who, Fault fault) {
        trace(who, "fault " + fault);
        happened.merge(fault, 1, Integer::sum);
    }

    void wrote(String tag, Map<String, String> files) {
        filesByTag.put(tag, files);
    }

    boolean isStored(Cell cell) {
        return stored.test(cell);
    }

    /** How many commits workers gave back. */
    int givenBack() {
        return givenBack;
    }

    void givenBack(int commits) {
        givenBack += commits;
    }

    boolean isTold(Cell cell) {
        return told.test(cell);
    }

    boolean isOpen(Cell cell) {
        return !stored.test(cell) && !told.test(cell);
    }

    /**
     * Nobody else builds one of these cells, now that a worker is to. An outcome that a cell just got may be told a moment later.
     */
    void noOtherHas(List<Cell> cells, FaultyWorker asked) {
        List<Cell> also = new ArrayList<>();
        workers.stream()
                .filter(worker -> worker != asked)
                .forEach(worker -> worker.owes(cells.get(0).board()).stream()
                        .filter(cell -> !asked.maySplitWith(worker) && !(asked.givesBack() && worker.isAt(cell)))
                        .forEach(also::add));
        also.retainAll(cells);
        if (!also.isEmpty()) {
            time.after(Duration.ofMillis(1), () -> {
                also.removeIf(cell -> !isOpen(cell)
                        || workers.stream()
                                .filter(worker -> worker != asked)
                                .noneMatch(worker -> worker.owes(cell.board()).contains(cell) && !worker.isAt(cell)));
                if (!also.isEmpty()) {
                    violation(asked.toString(), "cells that another has: " + also);
                }
            });
        }
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public boolean serves(Machine machine) {
        return profiles.containsKey(machine.name());
    }

    @Override
    public MachineLink link(Machine machine) {
        String name = machine.name() + "#" + connections.merge(machine.name(), 1, Integer::sum);
        FaultScript.Profile profile = profiles.get(machine.name());
        RandomGenerator random = FaultScript.randomFor(seed, name);
        FaultScript script = FaultScript.draw(profile, random);
        trace(name, "link; " + script);
        if (script.opening().equals(Optional.of(Fault.LINK_REFUSED))) {
            happens(name, Fault.LINK_REFUSED);
            throw new MachineException(machine.name(), "ssh config: not supported", null);
        }
        Link link = new Link(name, profile, script, random);
        links.add(link);
        return link;
    }

    @Override
    public void close() {}

    private final class Link implements MachineLink {
        private final String name;
        private final FaultScript.Profile profile;
        private final FaultScript script;
        private final RandomGenerator random;
        private Optional<FaultyWorker> worker = Optional.empty();
        private boolean closed;

        private Link(String name, FaultScript.Profile profile, FaultScript script, RandomGenerator random) {
            this.name = name;
            this.profile = profile;
            this.script = script;
            this.random = random;
        }

        private <T> CompletionStage<T> step(Fault fault, int mostSeconds, Supplier<T> result) {
            CompletableFuture<T> step = new CompletableFuture<>();
            time.after(FaultScript.between(0, mostSeconds, random), () -> {
                if (closed || script.opening().equals(Optional.of(fault))) {
                    if (!closed) {
                        happens(name, fault);
                    }
                    step.completeExceptionally(
                            new MachineException(profile.machine().name(), fault.name(), null));
                } else {
                    step.complete(result.get());
                }
            });
            return step;
        }

        @Override
        public CompletionStage<MachineFacts> probe() {
            boolean unfit = script.opening().equals(Optional.of(Fault.UNFIT));
            return step(Fault.PROBE_FAILS, 20, () -> {
                if (unfit) {
                    happens(name, Fault.UNFIT);
                }
                return new MachineFacts(
                        "x86_64", 4, 4, 5000, unfit ? 99 : 0.1, 8000, 50_000, OptionalInt.of(17), Map.of());
            });
        }

        @Override
        public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
            return step(Fault.START_FAILS, 30, () -> {
                FaultyWorker started = new FaultyWorker(FaultyFleet.this, name, profile, script, random);
                workers.add(started);
                worker = Optional.of(started);
                started.begin();
                return started;
            });
        }

        @Override
        public CompletionStage<PushReport> push(SourcePush push) {
            return step(Fault.PUSH_FAILS, 600, () -> new PushReport(1, 1));
        }

        @Override
        public CompletionStage<Void> tidy() {
            CompletableFuture<Void> tidied = new CompletableFuture<>();
            if (script.ending().contains(Fault.TIDY_HANGS)) {
                happens(name, Fault.TIDY_HANGS);
            } else {
                time.after(Duration.ofMillis(random.nextInt(200)), () -> tidied.complete(null));
            }
            return tidied;
        }

        @Override
        public void close() {
            trace(name, "link closed");
            closed = true;
            worker.ifPresent(FaultyWorker::kill);
        }
    }
}
