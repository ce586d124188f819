package dev.buildboss.process;

import dev.buildboss.files.FreeSpace;
import dev.buildboss.spi.MachineFacts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This computer, as a probe would see it; from {@code /proc} where there is one. */
final class LocalFacts {

    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+([0-9]+) kB");
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+([0-9]+) kB");

    private LocalFacts() {}

    static MachineFacts read(Path workDir) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Path existing = workDir.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        long diskMib = FreeSpace.of(existing) >> 20;
        return new MachineFacts(
                System.getProperty("os.arch", "").replace("amd64", "x86_64"), // as uname calls it
                "",
                threads,
                threads,
                threads,
                0,
                Math.max(0, load),
                mib(AVAILABLE),
                mib(TOTAL),
                diskMib,
                OptionalInt.of(Runtime.version().feature()),
                Map.of(),
                Optional.empty());
    }

    private static long mib(Pattern wanted) throws IOException {
        List<String> lines = Files.isReadable(MEMINFO) ? Files.readAllLines(MEMINFO) : List.of();
        for (String line : lines) {
            Matcher matcher = wanted.matcher(line);
            if (matcher.matches()) {
                return Long.parseLong(matcher.group(1)) / 1024;
            }
        }
        return 0;
    }
}
