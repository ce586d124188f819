package dev.buildboss.spi;

import java.util.Map;
import java.util.OptionalInt;

/**
 * What a probe found on a machine. Figures that the machine would not tell are 0 (or empty).
 *
 * @param arch the hardware's name ({@code uname -m})
 * @param cpus processor cores
 * @param threads CPU threads that a process there may use
 * @param bogomips the kernel's own speed figure
 * @param load the 1-minute load average
 * @param memoryMib available memory in MiB
 * @param diskMib free disk space at the work directory in MiB
 * @param javaMajor the Java runtime's major version; empty: none found
 * @param versions versions by program name ({@code git}, {@code make}, {@code dtc}, {@code swig}, {@code python3}); absent:
 *     not there
 */
public record MachineFacts(
        String arch,
        int cpus,
        int threads,
        double bogomips,
        double load,
        long memoryMib,
        long diskMib,
        OptionalInt javaMajor,
        Map<String, String> versions) {
    /** Copies the map. */
    public MachineFacts {
        versions = Map.copyOf(versions);
    }
}
