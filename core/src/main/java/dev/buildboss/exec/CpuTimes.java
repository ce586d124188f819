package dev.buildboss.exec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a shell's {@code times} says (POSIX: user and system time of the shell itself, and on a second line of what it waited for, such
 * as {@code 1m2.34s 0m5.60s}).
 */
final class CpuTimes {

    private static final int MOST_BYTES = 200;

    private static final Pattern TIME = Pattern.compile("(\\d{1,9})m(\\d{1,2})[.,](\\d{1,6})s");

    private CpuTimes() {}

    /** Of what the shell waited for; empty if the text says nothing of that. */
    static Optional<Duration> children(String text) {
        String[] lines = text.split("\n", 3);
        if (lines.length < 2) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher time = TIME.matcher(lines[1]);
        int found = 0;
        while (time.find()) {
            double seconds = Double.parseDouble(time.group(2) + "." + time.group(3));
            sum = sum.plusMinutes(Long.parseLong(time.group(1))).plusMillis(Math.round(seconds * 1000));
            found++;
        }
        return found == 2 ? Optional.of(sum) : Optional.empty();
    }

    /** The same of a file, which is removed; empty if there is none. */
    static Optional<Duration> take(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return children(new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty(); // the program was killed, or the disk is full: it goes unmeasured
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next one to be measured by it writes it anew.
        }
    }
}
