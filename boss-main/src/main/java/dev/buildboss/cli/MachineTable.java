package dev.buildboss.cli;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Fitness;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks at machines side by side and shows what was found. */
final class MachineTable {

    private final BossCommand boss;
    private final Settings settings;

    MachineTable(BossCommand boss, Settings settings) {
        this.boss = boss;
        this.settings = settings;
    }

    /** What was found of one machine: facts, and what speaks against using it. */
    private record Found(Machine machine, Optional<MachineFacts> facts, Optional<String> trouble) {}

    /** Shows the machines; 0 if one at least is usable. */
    int show(List<Machine> machines) {
        if (machines.isEmpty()) {
            if (boss.json) {
                boss.around.out().println("[]");
            }
            boss.around
                    .err()
                    .println("boss: " + MachineOptions.NONE_CONFIGURED + ": add them to " + boss.around.userConfig()
                            + ", as in buildboss.machines { fast { host = \"me@fast\" } }");
            return 1;
        }
        List<Found> found = look(machines);
        if (boss.json) {
            boss.around
                    .out()
                    .println(EventJson.text(
                            found.stream().map(MachineTable::json).toList()));
        } else {
            table(found).lines().forEach(boss.around.out()::println);
        }
        return found.stream().anyMatch(f -> f.trouble().isEmpty()) ? 0 : 1;
    }

    private List<Found> look(List<Machine> machines) {
        List<WorkerTransport> transports = boss.builds.transports(settings);
        List<MachineLink> links = new ArrayList<>();
        try {
            Map<Machine, CompletableFuture<MachineFacts>> asked = new LinkedHashMap<>();
            for (Machine machine : machines) {
                asked.put(machine, probe(transports, links, machine));
            }
            List<Found> found = new ArrayList<>();
            asked.forEach((machine, facts) -> found.add(wait(machine, facts)));
            return found;
        } finally {
            links.forEach(MachineLink::close);
            transports.forEach(WorkerTransport::close);
        }
    }

    private CompletableFuture<MachineFacts> probe(
            List<WorkerTransport> transports, List<MachineLink> links, Machine machine) {
        try {
            MachineLink link = transports.stream()
                    .filter(t -> t.serves(machine))
                    .findFirst()
                    .orElseThrow(() -> new MachineException(machine.name(), "no transport serves it", null))
                    .link(machine);
            links.add(link);
            return link.probe()
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(settings.probe().timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Found wait(Machine machine, CompletableFuture<MachineFacts> asked) {
        try {
            MachineFacts facts = asked.join();
            return new Found(machine, Optional.of(facts), trouble(machine, facts));
        } catch (CompletionException e) {
            return new Found(machine, Optional.empty(), Optional.of(reason(e.getCause() == null ? e : e.getCause())));
        }
    }

    private Optional<String> trouble(Machine machine, MachineFacts facts) {
        if (machine.workerCommand().isEmpty()
                && (facts.javaMajor().isEmpty() || facts.javaMajor().getAsInt() < 17)) {
            return Optional.of(
                    facts.javaMajor().isEmpty()
                            ? "no Java (17 or later is needed)"
                            : "Java " + facts.javaMajor().getAsInt() + " is too old (17 or later is needed)");
        }
        return Fitness.unfit(facts, settings.probe());
    }

    private String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no answer within " + settings.probe().timeout().toSeconds() + " s";
        }
        String words =
                failure instanceof MachineException known ? known.reason() : String.valueOf(failure.getMessage());
        return Printable.line(words);
    }

    private static TextTable table(List<Found> found) {
        TextTable table = new TextTable()
                .row(
                        "NAME", "HOST", "ARCH", "CPUS", "THREADS", "LOAD", "MEMORY", "DISK", "JAVA", "GIT", "MAKE",
                        "STATE");
        for (Found one : found) {
            Machine machine = one.machine();
            String state = one.trouble().orElse("OK");
            if (one.facts().isEmpty()) {
                table.row(machine.name(), machine.host(), "-", "-", "-", "-", "-", "-", "-", "-", "-", state);
            } else {
                MachineFacts facts = one.facts().get();
                table.row(
                        machine.name(),
                        machine.host(),
                        Printable.line(facts.arch()),
                        figure(facts.cpus()),
                        figure(facts.threads()),
                        String.format(Locale.ROOT, "%.2f", facts.load()),
                        size(facts.memoryMib()),
                        size(facts.diskMib()),
                        version(facts.javaMajor()),
                        Printable.line(facts.versions().getOrDefault("git", "-")),
                        Printable.line(facts.versions().getOrDefault("make", "-")),
                        state);
            }
        }
        return table;
    }

    private static String figure(int number) {
        return number == 0 ? "-" : String.valueOf(number);
    }

    private static String version(OptionalInt version) {
        return version.isPresent() ? String.valueOf(version.getAsInt()) : "-";
    }

    private static String size(long mib) {
        return mib == 0 ? "-" : mib < 10_240 ? mib + " MiB" : mib / 1024 + " GiB";
    }

    private static Map<String, Object> json(Found one) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", one.machine().name());
        object.put("host", one.machine().host());
        object.put("usable", one.trouble().isEmpty());
        object.put("trouble", one.trouble().orElse(""));
        one.facts().ifPresent(facts -> {
            object.put("arch", facts.arch());
            object.put("cpus", facts.cpus());
            object.put("threads", facts.threads());
            object.put("bogomips", facts.bogomips());
            object.put("load", facts.load());
            object.put("memoryMib", facts.memoryMib());
            object.put("diskMib", facts.diskMib());
            object.put("java", facts.javaMajor().orElse(0));
            object.put("versions", facts.versions());
        });
        return object;
    }
}
