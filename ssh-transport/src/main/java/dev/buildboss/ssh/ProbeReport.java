package dev.buildboss.ssh;

import dev.buildboss.spi.MachineFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code probe.sh} wrote: figures that are missing or not figures are 0, a report that was cut short is none. */
final class ProbeReport {

    private static final String PREFIX = "BUILDBOSS-PROBE ";
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\w+)*");
    private static final int MAX_VERSION = 40;
    private static final long KIB_IN_MIB = 1024;

    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> versions = new HashMap<>();

    private ProbeReport() {}

    /** Empty if the script did not come to its end. */
    static Optional<ProbeReport> parse(String output) {
        ProbeReport report = new ProbeReport();
        for (String line : output.split("\r?\n", -1)) {
            if (line.startsWith(PREFIX)) {
                report.take(line.substring(PREFIX.length()).strip());
            }
        }
        return report.values.containsKey("end") ? Optional.of(report) : Optional.empty();
    }

    private void take(String line) {
        String[] words = line.split(" +", 2);
        String rest = words.length > 1 ? words[1] : "";
        if (words[0].equals("version")) {
            String[] version = rest.split(" +", 2);
            Matcher number = VERSION.matcher(version.length > 1 ? version[1] : "");
            // The name itself may have a digit (python3): the number is in what the program said.
            versions.put(version[0], number.find() ? cut(number.group()) : "?");
        } else {
            values.put(words[0], rest);
        }
    }

    private static String cut(String text) {
        return text.length() > MAX_VERSION ? text.substring(0, MAX_VERSION) : text;
    }

    /** The operating system's name. */
    String system() {
        return values.getOrDefault("system", "");
    }

    MachineFacts facts() {
        int own = (int) Math.min(whole("threads", 0), Integer.MAX_VALUE);
        int threads = Math.min(own, quota().orElse(own));
        long cores = whole("cpus", 0);
        int cpus = cores > 0 ? (int) Math.min(cores, Integer.MAX_VALUE) : threads;
        long java = whole("java", 0);
        return new MachineFacts(
                values.getOrDefault("arch", ""),
                cpus,
                threads,
                fraction("bogomips"),
                fraction("load"),
                whole("memory", 0) / KIB_IN_MIB,
                // df -P: file system, blocks, used, available, capacity, where.
                whole("disk", 3) / KIB_IN_MIB,
                java > 0 ? OptionalInt.of((int) java) : OptionalInt.empty(),
                versions);
    }

    /** The control group's share of the CPUs ({@code cpu.max}: quota and period, or {@code max}), rounded up. */
    private OptionalInt quota() {
        long quota = whole("cpumax", 0);
        long period = whole("cpumax", 1);
        return quota > 0 && period > 0
                ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, (quota + period - 1) / period))
                : OptionalInt.empty();
    }

    private long whole(String key, int index) {
        try {
            return Math.max(0, Long.parseLong(word(key, index)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private double fraction(String key) {
        try {
            double value = Double.parseDouble(word(key, 0));
            return Double.isFinite(value) && value > 0 ? value : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private String word(String key, int index) {
        List<String> words = List.of(values.getOrDefault(key, "").strip().split("\\s+", -1));
        return index < words.size() ? words.get(index) : "";
    }
}
