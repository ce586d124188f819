package dev.buildboss.cli;

import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Looks at machines and shows what was found: a table and notes, or JSON. */
final class MachineTable {

    private static final String CLEAR = "\r\u001b[K";
    private static final List<String> TOOLS = List.of("git", "make", "gcc", "dtc", "swig", "python3", "kernel");

    private final BossCommand boss;
    private final Settings settings;
    private final boolean versions;

    /** {@code versions}: with the versions of what is installed there. */
    MachineTable(BossCommand boss, Settings settings, boolean versions) {
        this.boss = boss;
        this.settings = settings;
        this.versions = versions;
    }

    MachineTable(BossCommand boss, Settings settings) {
        this(boss, settings, false);
    }

    /** Shows the machines; 0 if one at least is usable. */
    int show(List<Machine> machines) {
        if (machines.isEmpty()) {
            return noneConfigured();
        }
        try (FleetLook fleet = new FleetLook(boss, settings, machines)) {
            List<LookedAt> found = fleet.look(progress(machines.size()));
            progressEnds();
            if (boss.json) {
                boss.around.out().println(EventJson.text(json(found)));
            } else {
                lines(found, Integer.MAX_VALUE).forEach(boss.around.out()::println);
            }
            return status(found);
        }
    }

    /** Says that there are no machines, and how to have some. */
    int noneConfigured() {
        if (boss.json) {
            boss.around.out().println("[]");
        }
        boss.around
                .err()
                .println("boss: " + MachineOptions.NONE_CONFIGURED + ": add them to " + boss.around.userConfig()
                        + ", as in buildboss.machines { fast { host = \"me@fast\" } }");
        return 1;
    }

    static int status(List<LookedAt> found) {
        return found.stream().anyMatch(LookedAt::usable) ? 0 : 1;
    }

    private java.util.function.Consumer<Set<String>> progress(int all) {
        if (boss.json || !boss.around.screen().rewrites()) {
            return waiting -> {};
        }
        return waiting -> {
            String line = (all - waiting.size()) + " of " + all + " machines answered; waiting for "
                    + String.join(", ", waiting);
            boss.around
                    .out()
                    .print(CLEAR + cut(line, boss.around.screen().width().getAsInt() - 1));
            boss.around.out().flush();
        };
    }

    private void progressEnds() {
        if (!boss.json && boss.around.screen().rewrites()) {
            boss.around.out().print(CLEAR);
        }
    }

    /** The table and the notes, coloured where there are colours; each line no longer than so many columns. */
    List<String> lines(List<LookedAt> found, int width) {
        Style style = new Style(boss.around.screen().colours());
        List<String> plain = table(found).lines();
        List<String> result = new ArrayList<>();
        result.add(cut(plain.get(0), width));
        for (int i = 0; i < found.size(); i++) {
            LookedAt one = found.get(i);
            String line = plain.get(i + 1);
            int state = line.length() - state(one).length();
            String end = cut(line, width).length() > state ? cut(line, width).substring(state) : "";
            result.add(cut(line.substring(0, state), width) + (end.isEmpty() ? "" : painted(style, one, end)));
        }
        List<String> notes = MachineRemarks.notes(found);
        if (!notes.isEmpty()) {
            result.add("");
            notes.forEach(note -> result.add(cut("Note: " + note, width)));
        }
        return result;
    }

    private static String painted(Style style, LookedAt one, String text) {
        if (one.usable()) {
            return style.green(text);
        }
        return one.facts().isEmpty() ? style.red(text) : style.yellow(text);
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width));
    }

    private static String state(LookedAt one) {
        return one.trouble().map(Printable::line).orElse("OK");
    }

    private TextTable table(List<LookedAt> found) {
        List<String> head = new ArrayList<>(
                List.of("NAME", "HOST", "ARCH", "CPUS", "THREADS", "BOGOMIPS", "LOAD", "MEMORY", "DISK", "JAVA"));
        if (versions) {
            TOOLS.forEach(tool -> head.add(tool.toUpperCase(Locale.ROOT)));
        }
        head.addAll(List.of("TOOLCHAINS", "STATE"));
        TextTable table = new TextTable().row(head.toArray(new String[0]));
        for (LookedAt one : found) {
            List<String> row =
                    new ArrayList<>(List.of(one.machine().name(), one.machine().host()));
            one.facts().ifPresentOrElse(facts -> row.addAll(figures(facts)), () -> {
                while (row.size() < head.size() - 2) {
                    row.add("-");
                }
            });
            row.add(one.toolchains());
            row.add(state(one));
            table.row(row.toArray(new String[0]));
        }
        return table;
    }

    private List<String> figures(MachineFacts facts) {
        List<String> row = new ArrayList<>(List.of(
                Printable.line(facts.arch()),
                figure(facts.cpus()),
                figure(facts.threads()),
                facts.bogomips() == 0 ? "-" : String.format(Locale.ROOT, "%.0f", facts.bogomips()),
                String.format(Locale.ROOT, "%.2f", facts.load()),
                memory(facts),
                size(facts.diskMib()),
                facts.javaMajor().isPresent() ? String.valueOf(facts.javaMajor().getAsInt()) : "-"));
        if (versions) {
            TOOLS.forEach(tool -> row.add(Printable.line(facts.versions().getOrDefault(tool, "-"))));
        }
        return row;
    }

    private static String memory(MachineFacts facts) {
        return facts.totalMemoryMib() == 0
                ? size(facts.memoryMib())
                : size(facts.memoryMib()) + " of " + size(facts.totalMemoryMib());
    }

    private static String figure(int number) {
        return number == 0 ? "-" : String.valueOf(number);
    }

    private static String size(long mib) {
        return mib == 0 ? "-" : mib < 10_240 ? mib + " MiB" : mib / 1024 + " GiB";
    }

    /** The machines as a tree for JSON. */
    static List<Map<String, Object>> json(List<LookedAt> found) {
        return found.stream().map(MachineTable::json).toList();
    }

    private static Map<String, Object> json(LookedAt one) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", one.machine().name());
        object.put("host", one.machine().host());
        object.put("usable", one.usable());
        object.put("state", one.state());
        object.put("trouble", one.trouble().orElse(""));
        object.put("remarks", one.remarks());
        one.facts().ifPresent(facts -> {
            object.put("arch", facts.arch());
            object.put("libc", facts.libc());
            object.put("cpus", facts.cpus());
            object.put("hostThreads", facts.hostThreads());
            object.put("threads", facts.threads());
            object.put("bogomips", facts.bogomips());
            object.put("load", facts.load());
            object.put("memoryMib", facts.memoryMib());
            object.put("totalMemoryMib", facts.totalMemoryMib());
            object.put("diskMib", facts.diskMib());
            object.put("java", facts.javaMajor().orElse(0));
            object.put("versions", facts.versions());
            facts.clock().ifPresent(clock -> {
                object.put("clockAheadMs", clock.ahead().toMillis());
                object.put("clockRoundTripMs", clock.roundTrip().toMillis());
            });
        });
        object.put("toolchains", one.toolchains());
        one.there().ifPresent(scan -> {
            Map<String, Object> compilers = new LinkedHashMap<>();
            scan.byArch()
                    .forEach((arch, compiler) -> compilers.put(
                            arch,
                            Map.of(
                                    "path", compiler.path(),
                                    "version", compiler.version(),
                                    "target", compiler.target(),
                                    "sum", compiler.identity())));
            object.put("compilers", compilers);
        });
        object.put("missing", one.missing());
        object.put("different", one.different().stream().map(d -> d.arch()).toList());
        return object;
    }
}
