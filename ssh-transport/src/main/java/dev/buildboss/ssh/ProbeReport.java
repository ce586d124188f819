package dev.buildboss.ssh;

import dev.buildboss.spi.MachineFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Reads what {@code probe.sh} wrote: figures that are missing or not figures are 0, a report that was cut short is none. */
final class ProbeReport {

    private static final String PREFIX = "BUILDBOSS-PROBE ";
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\w+)*");
    private static final int MAX_VERSION = 40;
    private static final Pattern CLOCK = Pattern.compile("([0-9]{1,12})(?:\\.([0-9]{1,9}))?.*");
    private static final long KIB_IN_MIB = 1024;
    private static final long MIB = KIB_IN_MIB * KIB_IN_MIB;
    private static final int MAX_LIMITS = 100;

    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> versions = new HashMap<>();
    private final List<String> cpuLimits = new ArrayList<>();
    private final List<String> memoryLimits = new ArrayList<>();

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
        } else if (words[0].equals("cpumax") && cpuLimits.size() < MAX_LIMITS) {
            cpuLimits.add(rest);
        } else if (words[0].equals("memorymax") && memoryLimits.size() < MAX_LIMITS) {
            memoryLimits.add(rest);
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

    /**
     * The facts.
     *
     * @param asked when the machine was asked, by this computer's clock
     * @param answered when its answer was there
     */
    MachineFacts facts(Instant asked, Instant answered) {
        int own = (int) Math.min(whole("threads", 0), Integer.MAX_VALUE);
        int online = (int) Math.min(whole("online", 0), Integer.MAX_VALUE);
        int host = Math.max(own, online);
        long cores = whole("cpus", 0);
        long java = whole("java", 0);
        long total = whole("total", 0) / KIB_IN_MIB;
        return new MachineFacts(
                values.getOrDefault("arch", ""),
                values.getOrDefault("libc", ""),
                cores > 0 ? (int) Math.min(cores, Integer.MAX_VALUE) : host,
                host,
                Math.min(own, quota().orElse(own)),
                fraction("bogomips"),
                fraction("load"),
                availableMib(),
                Math.min(total, memoryLimit(total)),
                freeMib(),
                java > 0 ? OptionalInt.of((int) java) : OptionalInt.empty(),
                versions,
                clock(asked, answered));
    }

    /** The smallest share of the CPUs that a control group leaves ({@code cpu.max}: quota and period, or {@code max}), rounded up. */
    private OptionalInt quota() {
        return cpuLimits.stream()
                .flatMapToLong(limit -> {
                    long quota = number(word(limit, 0));
                    long period = number(word(limit, 1));
                    return quota > 0 && period > 0 ? LongStream.of((quota + period - 1) / period) : LongStream.empty();
                })
                .mapToInt(share -> (int) Math.min(Integer.MAX_VALUE, share))
                .min();
    }

    private long memoryLimit(long otherwise) {
        return memoryLimits.stream()
                .mapToLong(limit -> number(word(limit, 0)) / MIB)
                .filter(limit -> limit > 0)
                .min()
                .orElse(otherwise);
    }

    /** A control group's caches that can be dropped count as free, as the kernel counts its own. */
    private long availableMib() {
        long available = whole("memory", 0) / KIB_IN_MIB;
        long left = memoryLimits.stream()
                .filter(limit -> number(word(limit, 0)) > 0)
                .mapToLong(limit -> number(word(limit, 0)) - number(word(limit, 1)) + number(word(limit, 2)))
                .map(bytes -> Math.max(1, bytes / MIB))
                .min()
                .orElse(available);
        return Math.min(available, left);
    }

    /** {@code df -P}: file system, blocks, used, available, capacity, where. A full disk is not one that nobody told about. */
    private long freeMib() {
        String free = word(values.getOrDefault("disk", ""), 3);
        return free.isEmpty() || !free.chars().allMatch(Character::isDigit)
                ? 0
                : Math.max(1, number(free) / KIB_IN_MIB);
    }

    /** The machine read its clock after it was asked and once more before it answered: between these its clock is known. */
    private Optional<MachineFacts.Clock> clock(Instant asked, Instant answered) {
        Matcher first = CLOCK.matcher(values.getOrDefault("clock", ""));
        Matcher last = CLOCK.matcher(values.getOrDefault("clockend", ""));
        if (!first.matches() || !last.matches()) {
            return Optional.empty();
        }
        Duration early = Duration.between(asked, instant(first));
        Duration late = Duration.between(answered, instant(last));
        Duration ahead = early.plus(late).dividedBy(2);
        Duration roundTrip = early.minus(late);
        if (first.group(2) == null) {
            // A clock of whole seconds is half a second behind itself, on average.
            ahead = ahead.plusMillis(500);
            roundTrip = roundTrip.plusSeconds(1);
        }
        return Optional.of(new MachineFacts.Clock(ahead, roundTrip.isNegative() ? Duration.ZERO : roundTrip));
    }

    private static Instant instant(Matcher clock) {
        String fraction = clock.group(2) == null ? "" : clock.group(2);
        return Instant.ofEpochSecond(
                Long.parseLong(clock.group(1)), Long.parseLong((fraction + "000000000").substring(0, 9)));
    }

    private long whole(String key, int index) {
        return number(word(values.getOrDefault(key, ""), index));
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private double fraction(String key) {
        try {
            double value = Double.parseDouble(word(values.getOrDefault(key, ""), 0));
            return Double.isFinite(value) && value > 0 ? value : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String word(String line, int index) {
        List<String> words = List.of(line.strip().split("\\s+", -1));
        return index < words.size() ? words.get(index) : "";
    }
}
