package dev.buildboss.plan;

import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
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
        return Optional.empty();
    }
}
