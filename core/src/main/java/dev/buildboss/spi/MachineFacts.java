package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a probe found on a machine. Figures that the machine would not tell are 0 (or empty).
 *
 * @param arch the hardware's name ({@code uname -m})
 * @param libc the C library that programs there are linked with: {@code gnu} or {@code musl}; empty: not told
 * @param cpus processor cores of the whole host: what its load is to be compared with
 * @param hostThreads CPU threads of the whole host
 * @param threads CPU threads that a process there may use: no more than affinity and control groups allow
 * @param bogomips the kernel's own speed figure
 * @param load the 1-minute load average of the whole host
 * @param memoryMib available memory in MiB, no more than what control groups leave
 * @param totalMemoryMib all memory in MiB, no more than what control groups allow
 * @param diskMib free disk space at the work directory in MiB
 * @param javaMajor the Java runtime's major version; empty: none found
 * @param versions versions by program name ({@code git}, {@code make}, {@code java}, {@code gcc}, {@code dtc}, {@code swig},
 *     {@code python3}) and of the {@code kernel}; absent: not there; an empty map: none was asked for
 * @param clock how its clock compares to this computer's
 */
public record MachineFacts(
        String arch,
        String libc,
        int cpus,
        int hostThreads,
        int threads,
        double bogomips,
        double load,
        long memoryMib,
        long totalMemoryMib,
        long diskMib,
        OptionalInt javaMajor,
        Map<String, String> versions,
        Optional<Clock> clock) {
    /** Copies the map. */
    public MachineFacts {
        requireNonNull(libc, "libc");
        versions = Map.copyOf(versions);
        requireNonNull(clock, "clock");
    }

    /** Without a C library, limits of control groups, total memory and clock. */
    public MachineFacts(
            String arch,
            int cpus,
            int threads,
            double bogomips,
            double load,
            long memoryMib,
            long diskMib,
            OptionalInt javaMajor,
            Map<String, String> versions) {
        this(
                arch,
                "",
                cpus,
                threads,
                threads,
                bogomips,
                load,
                memoryMib,
                0,
                diskMib,
                javaMajor,
                versions,
                Optional.empty());
    }

    /**
     * A machine's clock against this computer's.
     *
     * @param ahead how far it is ahead; negative: behind
     * @param roundTrip how long question and answer were on their way: {@code ahead} is right within half of it
     */
    public record Clock(Duration ahead, Duration roundTrip) {
        /** How far it is off for certain, whatever the connection did; zero if it may be right. */
        public Duration surelyOff() {
            Duration sure = ahead.abs().minus(roundTrip.dividedBy(2));
            return sure.isNegative() ? Duration.ZERO : sure;
        }
    }
}
