package dev.buildboss.cli;

import dev.buildboss.files.Carried;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Tries on machines, side by side, what a build will need there, and says what to install. Leaves nothing there. */
final class MachineDoctor {

    private static final String MARKER = "BUILDBOSS-DOCTOR ";
    private static final String SCRIPT = Carried.text(MachineDoctor.class, "doctor.sh");
    private static final int MIN_JAVA = 17;

    private final BossCommand boss;
    private final Settings settings;

    MachineDoctor(BossCommand boss, Settings settings) {
        this.boss = boss;
        this.settings = settings;
    }

    /** Tells of each machine; 1 if one lacks what it needs, or could not be asked. */
    int visit(List<Machine> machines) {
        try (MachineLinks links = new MachineLinks(boss, settings)) {
            Map<Machine, CompletableFuture<List<DoctorCheck>>> asked = new LinkedHashMap<>();
            machines.forEach(machine -> asked.put(machine, examine(machine, links.to(machine))));
            int status = 0;
            for (Map.Entry<Machine, CompletableFuture<List<DoctorCheck>>> one : asked.entrySet()) {
                List<DoctorCheck> checks = one.getValue().join();
                show(one.getKey(), checks);
                status = checks.stream().anyMatch(DoctorCheck::isBad) ? 1 : status;
            }
            return status;
        }
    }

    /** Never fails: a machine that does not answer has no ssh. */
    private CompletableFuture<List<DoctorCheck>> examine(Machine machine, MachineLink link) {
        Duration limit = settings.probe().connectTimeout().plus(settings.probe().timeout());
        return MachineLinks.bounded(link.probe(), limit)
                .thenCompose(facts -> tries(machine, link).thenApply(tried -> {
                    List<DoctorCheck> checks = new ArrayList<>(look(machine, facts));
                    checks.addAll(tried);
                    return List.copyOf(checks);
                }))
                .exceptionally(failure -> List.of(new DoctorCheck(
                        machine.isLocal() ? "this computer" : "ssh", false, true, MachineLinks.reason(failure))));
    }

    /** What the probe tells. */
    private List<DoctorCheck> look(Machine machine, MachineFacts facts) {
        List<DoctorCheck> checks = new ArrayList<>();
        String what = String.format(
                java.util.Locale.ROOT, "%s, %d CPU threads, load %.2f", facts.arch(), facts.threads(), facts.load());
        checks.add(new DoctorCheck(machine.isLocal() ? "this computer" : "ssh", true, true, what));
        Optional<String> unfit = Fitness.unfit(facts, settings.probe());
        long free = facts.diskMib();
        boolean lowDisk = free < settings.probe().minDiskMib();
        checks.add(new DoctorCheck(
                "disk",
                !lowDisk,
                true,
                free + " MiB free"
                        + (lowDisk ? ", probe.min-disk is " + settings.probe().minDiskMib() + " MiB" : "")));
        boolean lowMemory = facts.memoryMib() < settings.probe().minMemoryMib();
        checks.add(new DoctorCheck(
                "memory",
                !lowMemory,
                true,
                facts.memoryMib() + " MiB available"
                        + (lowMemory
                                ? ", probe.min-memory is " + settings.probe().minMemoryMib() + " MiB"
                                : "")));
        unfit.filter(words -> words.startsWith("too old"))
                .ifPresent(words -> checks.add(new DoctorCheck("versions", false, true, words)));
        checks.add(java(machine, facts));
        return checks;
    }

    private DoctorCheck java(Machine machine, MachineFacts facts) {
        int major = facts.javaMajor().orElse(0);
        if (!machine.workerCommand().isEmpty()) {
            return new DoctorCheck("java", true, true, "not needed: an existing worker is started");
        } else if (major >= MIN_JAVA) {
            return new DoctorCheck(
                    "java", true, true, "Java " + facts.versions().getOrDefault("java", "" + major));
        }
        Optional<String> refusal = new ShippedJava(settings.runtimes(), boss.around).refusal(machine, facts);
        String found = major == 0 ? "none there" : "Java " + major + " there, 17 or later is needed";
        return new DoctorCheck(
                "java", refusal.isEmpty(), true, found + refusal.orElse(": a runtime will be sent with the worker"));
    }

    private CompletableFuture<List<DoctorCheck>> tries(Machine machine, MachineLink link) {
        Duration limit = settings.probe().doctorTimeout();
        return MachineLinks.bounded(link.run(FleetLook.compilerTask(settings, limit)), limit)
                .thenApply(output -> CompilerScan.parse(output, settings.toolchains()))
                .thenCompose(scan -> {
                    List<String> arguments = new ArrayList<>(List.of(machine.workDir()));
                    scan.ifPresent(all ->
                            all.byArch().forEach((arch, compiler) -> arguments.add(arch + "=" + compiler.path())));
                    List<String> broken = scan.map(CompilerScan::broken).orElse(List.of());
                    return MachineLinks.bounded(link.run(new ShellTask("the doctor", SCRIPT, arguments, limit)), limit)
                            .thenApply(output -> parse(output, broken));
                });
    }

    private List<DoctorCheck> parse(String output, List<String> broken) {
        List<DoctorCheck> checks = new ArrayList<>();
        boolean ended = false;
        for (String line : output.split("\r?\n", -1)) {
            String[] fields =
                    line.startsWith(MARKER) ? line.substring(MARKER.length()).split("\t", 3) : new String[0];
            if (fields.length == 3 && fields[0].equals("end")) {
                ended = true;
            } else if (fields.length == 3) {
                checks.add(new DoctorCheck(
                        fields[0],
                        fields[1].equals("ok"),
                        DoctorCheck.isNeeded(fields[0], settings.recipe()),
                        fields[2].strip()));
            }
        }
        broken.forEach(path -> checks.add(new DoctorCheck("toolchain", false, true, path + " does not work")));
        if (!ended) {
            checks.add(new DoctorCheck("the rest", false, true, "the doctor was cut short there"));
        }
        return checks;
    }

    private void show(Machine machine, List<DoctorCheck> checks) {
        if (boss.json) {
            boss.around.out().println(EventJson.text(json(machine, checks)));
            return;
        }
        Style style = new Style(boss.around.screen().colours());
        boss.around.out().println(machine.name() + (machine.isLocal() ? "" : " (" + machine.host() + ")"));
        TextTable table = new TextTable();
        checks.forEach(check -> table.row("", Printable.line(check.name()), check.state(), words(check)));
        List<String> lines = table.lines();
        for (int i = 0; i < checks.size(); i++) {
            DoctorCheck check = checks.get(i);
            boss.around
                    .out()
                    .println(
                            check.fine()
                                    ? lines.get(i)
                                    : check.needed() ? style.red(lines.get(i)) : style.yellow(lines.get(i)));
        }
        Set<String> packages = new LinkedHashSet<>();
        checks.forEach(check -> check.packages().ifPresent(packages::add));
        if (!packages.isEmpty()) {
            boss.around.out().println("  To install there: apt install " + String.join(" ", packages));
        }
    }

    private static String words(DoctorCheck check) {
        String install = check.packages().map(names -> "apt install " + names).orElse("");
        String detail = Printable.line(check.detail());
        return detail.isEmpty() || install.isEmpty() ? detail + install : detail + ": " + install;
    }

    private static Map<String, Object> json(Machine machine, List<DoctorCheck> checks) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (DoctorCheck check : checks) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("check", check.name());
            object.put("ok", check.fine());
            object.put("needed", check.needed());
            object.put("detail", check.detail());
            object.put("install", check.packages().orElse(""));
            list.add(object);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", machine.name());
        object.put("host", machine.host());
        object.put("ok", checks.stream().noneMatch(DoctorCheck::isBad));
        object.put("checks", list);
        return object;
    }
}
