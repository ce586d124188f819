package dev.buildboss.cli;

import dev.buildboss.model.Machine;
import dev.buildboss.sweep.FoundWorker;
import dev.buildboss.sweep.Staleness;
import dev.buildboss.sweep.WorkerSweep;
import dev.buildboss.sweep.WorkerSweep.Lock;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was found, and done, about one machine's workers. Pure.
 *
 * @param machine the machine
 * @param host tells hosts apart, whatever their names
 * @param workers its workers
 * @param lock its work directory's lock
 * @param unlocked whether that was removed
 * @param trouble why nothing is known; empty: all is well
 */
record WorkerReport(
        Machine machine, String host, List<Entry> workers, Lock lock, boolean unlocked, Optional<String> trouble) {

    WorkerReport {
        workers = List.copyOf(workers);
    }

    /** What became of a worker. */
    enum Fate {
        /** It was left as it is. */
        UNTOUCHED,
        ENDED,
        /** It was to be ended, and is still there. */
        SURVIVED
    }

    /** A worker, why it is stale (empty: it is in use), and what became of it. */
    record Entry(FoundWorker worker, Optional<String> stale, Fate fate) {

        /** Those in use elsewhere on the machine's host are no concern of this machine's, whatever force is used. */
        boolean isToEnd(boolean force) {
            return stale.isPresent() || (force && worker.own());
        }

        private String why() {
            return stale.orElse(
                    "in use by " + worker.boss().map(Printable::line).orElse("a boss that is not named"));
        }
    }

    static WorkerReport of(Machine machine, WorkerSweep.Found found, Staleness staleness) {
        List<Entry> entries = found.workers().stream()
                .map(worker -> new Entry(worker, staleness.of(worker), Fate.UNTOUCHED))
                .toList();
        return new WorkerReport(machine, found.host(), entries, found.lock(), false, Optional.empty());
    }

    static WorkerReport of(Machine machine, String trouble) {
        return new WorkerReport(machine, "", List.of(), Lock.FREE, false, Optional.of(trouble));
    }

    /** Machines may share a host: each worker is counted once, at the machine whose work directory it has. */
    static List<WorkerReport> eachOnce(List<WorkerReport> reports) {
        Map<String, Machine> owners = new HashMap<>();
        for (boolean remote : new boolean[] {true, false}) {
            for (WorkerReport report : reports) {
                for (Entry entry : report.workers()) {
                    if (!remote || (entry.worker().own() && !report.machine().isLocal())) {
                        owners.putIfAbsent(report.key(entry), report.machine());
                    }
                }
            }
        }
        return reports.stream()
                .map(report -> report.with(report.workers().stream()
                        .filter(entry -> report.machine().equals(owners.get(report.key(entry))))
                        .toList()))
                .toList();
    }

    private String key(Entry entry) {
        return host + " " + entry.worker().process() + " " + entry.worker().started();
    }

    private WorkerReport with(List<Entry> entries) {
        return new WorkerReport(machine, host, entries, lock, unlocked, trouble);
    }

    boolean failed() {
        return trouble.isPresent();
    }

    boolean anyLeft() {
        return workers.stream().anyMatch(entry -> entry.fate() == Fate.SURVIVED);
    }

    boolean needsEnd(boolean force) {
        return !toEnd(force).isEmpty() || lock == Lock.STALE || (force && lock == Lock.FOREIGN);
    }

    List<FoundWorker> toEnd(boolean force) {
        return workers.stream()
                .filter(entry -> entry.isToEnd(force))
                .map(Entry::worker)
                .toList();
    }

    WorkerReport ended(WorkerSweep.Ended end, boolean force) {
        List<Entry> entries = workers.stream()
                .map(entry -> !entry.isToEnd(force)
                        ? entry
                        : new Entry(
                                entry.worker(),
                                entry.stale(),
                                end.left().contains(entry.worker().process()) ? Fate.SURVIVED : Fate.ENDED))
                .toList();
        return new WorkerReport(machine, host, entries, lock, end.unlocked(), Optional.empty());
    }

    WorkerReport failed(String why) {
        return new WorkerReport(machine, host, workers, lock, false, Optional.of(why));
    }

    /** One line: what was ended, what was left and why. */
    String line() {
        List<String> parts = new ArrayList<>();
        trouble.ifPresent(why -> parts.add("FAILED: " + Printable.line(why)));
        part(parts, "ended", Fate.ENDED);
        part(parts, "FAILED to end", Fate.SURVIVED);
        if (!failed()) {
            workers.stream()
                    .filter(entry -> entry.fate() == Fate.UNTOUCHED)
                    .forEach(
                            entry -> parts.add(entry.worker().process() + " is " + entry.why() + " (--force ends it)"));
        }
        if (unlocked) {
            parts.add("lock removed");
        } else if (lock == Lock.FOREIGN) {
            parts.add("lock of an existing boss left (--force removes it)");
        }
        return machine.name() + ": " + (parts.isEmpty() ? "none" : String.join("; ", parts));
    }

    private void part(List<String> parts, String verb, Fate fate) {
        String which = workers.stream()
                .filter(entry -> entry.fate() == fate)
                .map(entry -> entry.worker().process() + " (" + entry.why() + ")")
                .collect(Collectors.joining(", "));
        if (!which.isEmpty()) {
            parts.add(verb + " " + which);
        }
    }

    static TextTable table(List<WorkerReport> reports) {
        TextTable table = new TextTable().row("MACHINE", "PROCESS", "DIRECTORY", "STATE");
        for (WorkerReport report : reports) {
            String name = report.machine().name();
            if (report.failed()) {
                table.row(
                        name,
                        "-",
                        "-",
                        "FAILED: " + Printable.line(report.trouble().orElse("")));
            } else if (report.workers().isEmpty()) {
                table.row(name, "-", "-", "none" + report.lockWords());
            }
            for (Entry entry : report.workers()) {
                table.row(
                        name,
                        String.valueOf(entry.worker().process()),
                        Printable.line(entry.worker().directory()),
                        (entry.stale().isPresent() ? "stale: " : "") + entry.why());
            }
        }
        return table;
    }

    private String lockWords() {
        return switch (lock) {
            case FREE, HELD -> "";
            case STALE -> "; a lock is left behind";
            case FOREIGN -> "; an existing boss has a lock";
        };
    }

    Map<String, Object> json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("machine", machine.name());
        object.put("workers", workers.stream().map(WorkerReport::json).toList());
        object.put("lock", lock.name().toLowerCase(Locale.ROOT));
        object.put("unlocked", unlocked);
        object.put("trouble", trouble.orElse(""));
        return object;
    }

    private static Map<String, Object> json(Entry entry) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("process", entry.worker().process());
        object.put("directory", entry.worker().directory());
        object.put("boss", entry.worker().boss().orElse(""));
        object.put("stale", entry.stale().isPresent());
        object.put("why", entry.stale().orElse(""));
        object.put("fate", entry.fate().name().toLowerCase(Locale.ROOT));
        return object;
    }
}
