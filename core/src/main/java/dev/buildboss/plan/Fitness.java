package dev.buildboss.plan;

import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether a machine is fit to build, by what its probe found and the thresholds of {@code buildboss.probe} (pure). */
public final class Fitness {

    private Fitness() {}

    /** Why a machine is not to be used, with the figure and the threshold; empty if it is fit. */
    public static Optional<String> unfit(MachineFacts facts, Settings.Probe limits) {
        int cpus = facts.cpus() > 0 ? facts.cpus() : Math.max(1, facts.threads());
        double perCpu = facts.load() / cpus;
        if (perCpu > limits.maxLoad()) {
            return Optional.of(
                    String.format(Locale.ROOT, "busy: load/cpus %.2f > %s (probe.max-load)", perCpu, limits.maxLoad()));
        }
        if (facts.diskMib() > 0 && facts.diskMib() < limits.minDiskMib()) {
            return Optional.of(
                    "low disk: " + facts.diskMib() + " MiB free, probe.min-disk is " + limits.minDiskMib() + " MiB");
        }
        if (facts.memoryMib() > 0 && facts.memoryMib() < limits.minMemoryMib()) {
            return Optional.of("low memory: " + facts.memoryMib() + " MiB available, probe.min-memory is "
                    + limits.minMemoryMib() + " MiB");
        }
        return program(facts, "git", limits.minGit()).or(() -> program(facts, "make", limits.minMake()));
    }

    /** A program that each machine needs. A version that says nothing will do. */
    private static Optional<String> program(MachineFacts facts, String name, String oldest) {
        String version = facts.versions().get(name);
        if (version == null) {
            return facts.versions().isEmpty() ? Optional.empty() : Optional.of("no " + name + ": it must be installed");
        }
        return isOlder(version, oldest)
                ? Optional.of("too old: " + name + " " + version + ", probe.min-" + name + " is " + oldest)
                : Optional.empty();
    }

    /** Whether a version is before another, number by number; what is no number ends the comparison. */
    static boolean isOlder(String version, String than) {
        int[] one = numbers(version);
        int[] other = numbers(than);
        for (int i = 0; i < one.length && i < other.length; i++) {
            if (one[i] != other[i]) {
                return one[i] < other[i];
            }
        }
        return one.length > 0
                && one.length < other.length
                && Arrays.stream(other, one.length, other.length).anyMatch(n -> n > 0);
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.", -1))
                .takeWhile(part -> part.matches("[0-9]{1,9}"))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
