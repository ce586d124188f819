package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel says of this machine; figures that it does not tell are 0. */
final class Host {

    private static final long KIB = 1024;
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: *([0-9]{1,15}) kB$");
    private static final Pattern GROUP = Pattern.compile("(?m)^0::(/.*)$");
    private static final Pattern WHOLE = Pattern.compile("^([0-9]{1,18})$", Pattern.MULTILINE);

    private Host() {}

    /** The 1-minute load average. */
    static double load() {
        String text = read("/proc/loadavg");
        try {
            return text.isEmpty() ? 0.0 : Double.parseDouble(text.substring(0, text.indexOf(' ')));
        } catch (RuntimeException e) {
            return 0.0;
        }
    }

    /** How many processes the kernel has killed for memory since it started. */
    static long oomKills() {
        String text = read("/proc/vmstat");
        int at = text.indexOf("\noom_kill ");
        try {
            return at < 0 ? 0 : Long.parseLong(text.substring(at + 10, text.indexOf('\n', at + 10)));
        } catch (RuntimeException e) {
            return 0;
        }
    }

    /** Memory in bytes that is available, no more than this process' control group may have; 0: not known. */
    static long availableMemory(Path root) {
        long available = figure(read(root + "/proc/meminfo"), AVAILABLE) * KIB;
        // Of a version 1 group no path is named like that: its memory is not looked at.
        Matcher group = GROUP.matcher(read(root + "/proc/self/cgroup"));
        long limit = group.find() ? figure(read(root + "/sys/fs/cgroup" + group.group(1) + "/memory.max"), WHOLE) : 0;
        return limit > 0 ? Math.min(available, limit) : available;
    }

    private static long figure(String text, Pattern pattern) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
