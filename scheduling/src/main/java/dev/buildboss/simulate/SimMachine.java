package dev.buildboss.simulate;

import static java.util.Objects.requireNonNull;

import dev.buildboss.plan.Capability;
import dev.buildboss.plan.Power;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A simulated machine.
 *
 * @param name its name
 * @param cores CPU threads
 * @param speed core-seconds of the reference machine that one does in a second
 * @param slots boards at once
 * @param readyS when it is ready, in seconds
 * @param lacks architectures that it gets no boards of
 * @param givesBack whether commits of a board that it has can be taken back, and single ones given to it
 */
public record SimMachine(
        String name, int cores, double speed, int slots, double readyS, Set<String> lacks, boolean givesBack) {
    /** Checks the numbers. */
    public SimMachine {
        requireNonNull(name, "name");
        lacks = Set.copyOf(lacks);
        if (cores < 1 || !(speed > 0) || slots < 1 || !(readyS >= 0)) {
            throw new IllegalArgumentException("machine " + name + ": " + cores + " cores, speed " + speed + ", "
                    + slots + " slots, ready after " + readyS + " s");
        }
    }

    /** A machine that can build anything, with a worker of ours. */
    public SimMachine(String name, int cores, double speed, int slots, double readyS) {
        this(name, cores, speed, slots, readyS, Set.of(), true);
    }

    /** A machine with a slot for each core. */
    public static SimMachine of(String name, int cores, double speed) {
        return new SimMachine(name, cores, speed, cores, 0);
    }

    double capacity() {
        return cores * speed;
    }

    Capability capability() {
        Map<String, String> refused = new HashMap<>();
        lacks.forEach(arch -> refused.put(arch, "no compiler"));
        return new Capability.AllBut(refused);
    }

    Power power() {
        return new Power(cores, speed, slots, givesBack);
    }
}
