package dev.buildboss.cli;

import dev.buildboss.model.Machine;
import dev.buildboss.plan.Fitness;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.text.Printable;
import dev.buildboss.toolchain.CompilerScan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Looks at machines side by side, as often as it is asked, over connections that it keeps. For one thread. */
final class FleetLook implements AutoCloseable {

    private static final int MIN_JAVA = 17;
    private static final long POLL_MS = 100;

    private final BossCommand boss;
    private final Settings settings;
    private final MachineLinks connections;
    private final Map<Machine, CompletableFuture<MachineLink>> links = new LinkedHashMap<>();
    private final CompletableFuture<MachineLink> local;

    FleetLook(BossCommand boss, Settings settings, List<Machine> machines) {
        this.boss = boss;
        this.settings = settings;
        this.connections = new MachineLinks(boss, settings);
        machines.forEach(machine -> links.put(machine, link(machine)));
        this.local = link(Machine.local());
    }

    private CompletableFuture<MachineLink> link(Machine machine) {
        try {
            return CompletableFuture.completedFuture(connections.to(machine));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** One machine's answers. */
    private record Answer(
            Machine machine, Optional<MachineFacts> facts, String failure, Optional<CompilerScan> there) {}

    /**
     * Looks at all of them: usable ones first, then by name. Ends early, with what there is, when the program is interrupted.
     *
     * @param waiting is told now and then who has not answered yet
     */
    List<LookedAt> look(Consumer<Set<String>> waiting) {
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        CompletableFuture<Optional<CompilerScan>> here = compilers(local, Machine.local());
        links.forEach((machine, link) -> {
            var unused = ask(machine, link, here).thenAccept(answers::add);
        });
        Set<String> missing = new TreeSet<>();
        links.keySet().forEach(machine -> missing.add(machine.name()));
        List<Answer> found = new ArrayList<>();
        while (!missing.isEmpty() && boss.interrupts.count() == 0) {
            waiting.accept(missing);
            Answer answer = next(answers);
            if (answer != null) {
                missing.remove(answer.machine().name());
                found.add(answer);
            }
        }
        Optional<CompilerScan> own = here.join();
        return found.stream()
                .map(answer -> judge(answer, own))
                .sorted(Comparator.comparing(LookedAt::usable)
                        .reversed()
                        .thenComparing(one -> one.machine().name()))
                .toList();
    }

    private static @org.jspecify.annotations.Nullable Answer next(BlockingQueue<Answer> answers) {
        try {
            return answers.poll(POLL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new dev.buildboss.BuildbossException("interrupted while looking at the machines", e);
        }
    }

    private CompletableFuture<Answer> ask(
            Machine machine, CompletableFuture<MachineLink> link, CompletableFuture<Optional<CompilerScan>> here) {
        Duration limit = settings.probe().connectTimeout().plus(settings.probe().timeout());
        return link.thenCompose(open -> MachineLinks.bounded(open.probe(), limit))
                .thenCompose(facts -> (machine.isLocal() ? here : compilers(link, machine))
                        .thenApply(scan -> new Answer(machine, Optional.of(facts), "", scan)))
                .exceptionally(
                        failure -> new Answer(machine, Optional.empty(), reason(failure, limit), Optional.empty()));
    }

    /** Empty, if they could not be asked for: that is no reason not to use a machine. */
    private CompletableFuture<Optional<CompilerScan>> compilers(CompletableFuture<MachineLink> link, Machine machine) {
        Duration limit = settings.probe().timeout();
        return link.thenCompose(open -> MachineLinks.bounded(open.run(compilerTask(settings, limit)), limit))
                .thenApply(output -> CompilerScan.parse(output, settings.toolchains()))
                .exceptionally(failure -> {
                    org.slf4j.LoggerFactory.getLogger(FleetLook.class)
                            .debug("{}: no list of compilers: {}", machine.name(), reason(failure, limit));
                    return Optional.empty();
                });
    }

    private LookedAt judge(Answer answer, Optional<CompilerScan> here) {
        if (answer.facts().isEmpty()) {
            return new LookedAt(
                    answer.machine(),
                    Optional.empty(),
                    Optional.of("unreachable: " + answer.failure()),
                    List.of(),
                    here,
                    Optional.empty());
        }
        MachineFacts facts = answer.facts().get();
        List<String> remarks = new ArrayList<>(MachineRemarks.of(facts, settings.probe()));
        Optional<String> trouble =
                java(answer.machine(), facts, remarks).or(() -> Fitness.unfit(facts, settings.probe()));
        return new LookedAt(answer.machine(), answer.facts(), trouble, remarks, here, answer.there());
    }

    private Optional<String> java(Machine machine, MachineFacts facts, List<String> remarks) {
        int major = facts.javaMajor().orElse(0);
        if (!machine.workerCommand().isEmpty() || major >= MIN_JAVA) {
            return Optional.empty();
        }
        Optional<String> refusal = new ShippedJava(settings.runtimes(), boss.around).refusal(machine, facts);
        if (refusal.isEmpty()) {
            remarks.add("has no Java of 17 or later: a runtime is sent with the worker");
            return Optional.empty();
        }
        return Optional.of(
                (major == 0 ? "no Java" : "too old: Java " + major) + " (17 or later is needed" + refusal.get() + ")");
    }

    private static String reason(Throwable failure, Duration limit) {
        return MachineLinks.cause(failure) instanceof TimeoutException
                ? "no answer within " + limit.toSeconds() + " s"
                : Printable.line(MachineLinks.reason(failure));
    }

    @Override
    public void close() {
        connections.close();
    }

    /** What a machine's shell runs to tell which compilers it has. */
    static ShellTask compilerTask(Settings settings, Duration limit) {
        return new ShellTask(
                "looking for compilers", CompilerScan.script(), CompilerScan.arguments(settings.toolchains()), limit);
    }
}
