package dev.buildboss.ssh;

import dev.buildboss.ssh.SshConfigFile.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as sshd_config(5), "TIME FORMATS", has them: {@code 90}, {@code 90s}, {@code 1m30s}. */
final class SshTime {

    private static final Pattern PART = Pattern.compile("(\\d{1,7})([sSmMhHdDwW]?)");

    private SshTime() {}

    static long seconds(Entry entry) {
        Matcher m = PART.matcher(entry.value());
        long sum = 0;
        int end = 0;
        while (m.find() && m.start() == end) {
            sum += Long.parseLong(m.group(1)) * factor(m.group(2));
            end = m.end();
        }
        if (end == 0 || end != entry.value().length()) {
            throw new SshConfigException(
                    entry.where() + ": " + entry.keyword() + " '" + entry.value() + "' is not a time");
        }
        return sum;
    }

    private static long factor(String unit) {
        return switch (unit) {
            case "m", "M" -> 60;
            case "h", "H" -> 3_600;
            case "d", "D" -> 86_400;
            case "w", "W" -> 604_800;
            default -> 1;
        };
    }
}
