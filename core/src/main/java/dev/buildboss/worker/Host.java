package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel says of this machine; figures that it does not tell are 0. */
final class Host {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

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

    /** Free bytes on a directory's file system; plenty, if it cannot be told. */
    static long freeBytes(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            LOG.debug("free space of {} is not known", directory, e);
            return Long.MAX_VALUE;
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
