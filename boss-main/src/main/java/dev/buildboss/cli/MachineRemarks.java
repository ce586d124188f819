package dev.buildboss.cli;

import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is worth knowing of machines and no reason not to use them (pure). */
final class MachineRemarks {

    /** Programs whose version may change what is built. */
    private static final List<String> TOOLS = List.of("gcc", "make", "dtc", "swig", "python3");

    private static final int NAMED = 4;

    private MachineRemarks() {}

    /** Of one machine by itself. */
    static List<String> of(MachineFacts facts, Settings.Probe limits) {
        List<String> remarks = new ArrayList<>();
        if (facts.threads() > 0 && facts.threads() < facts.hostThreads()) {
            remarks.add("may use " + facts.threads() + " of its " + facts.hostThreads()
                    + " CPU threads (control group or affinity)");
        }
        facts.clock()
                .filter(clock -> clock.surelyOff().compareTo(limits.maxClockSkew()) > 0)
                .ifPresent(clock -> remarks.add(String.format(
                        Locale.ROOT,
                        "its clock is %s %s (probe.max-clock-skew is %s)",
                        words(clock.ahead().abs()),
                        clock.ahead().isNegative() ? "behind" : "ahead",
                        words(limits.maxClockSkew()))));
        return remarks;
    }

    /** All notes for a table: drift between the machines, then each machine's own. */
    static List<String> notes(List<LookedAt> machines) {
        List<String> notes = new ArrayList<>();
        for (String tool : TOOLS) {
            drift(tool, machines, notes);
        }
        for (LookedAt one : machines) {
            String name = one.machine().name() + ": ";
            one.remarks().forEach(remark -> notes.add(name + remark));
            if (!one.missing().isEmpty()) {
                notes.add(name + "no compiler for " + String.join(", ", one.missing()));
            }
            one.different().forEach(difference -> notes.add(name + "other compiler for " + difference.words()));
            one.there().ifPresent(scan -> scan.broken().forEach(path -> notes.add(name + path + " does not work")));
        }
        return notes.stream().map(Printable::line).toList();
    }

    private static void drift(String tool, List<LookedAt> machines, List<String> notes) {
        Map<String, List<String>> byVersion = new TreeMap<>();
        for (LookedAt one : machines) {
            one.facts()
                    .filter(facts -> !facts.versions().isEmpty())
                    .ifPresent(facts -> byVersion
                            .computeIfAbsent(facts.versions().getOrDefault(tool, "none"), v -> new ArrayList<>())
                            .add(one.machine().name()));
        }
        if (byVersion.size() > 1) {
            notes.add(tool + " differs: "
                    + byVersion.entrySet().stream()
                            .map(entry -> entry.getKey() + " on " + names(entry.getValue()))
                            .collect(Collectors.joining("; ")));
        }
    }

    private static String names(List<String> names) {
        return names.size() <= NAMED
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, NAMED - 1)) + " and " + (names.size() - NAMED + 1) + " more";
    }

    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
