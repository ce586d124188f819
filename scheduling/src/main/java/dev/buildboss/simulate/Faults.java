package dev.buildboss.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Faults at random. */
public final class Faults {

    /** How long it takes until a lost machine is found silent: three heartbeats. */
    private static final double FOUND_AFTER_S = 45;

    private Faults() {}

    /**
     * Faults of a run; one machine is always spared.
     *
     * @param endS they happen before that, in seconds
     * @param losses machines that are lost
     * @param slowdowns machines that get slower, to a third up to nine tenths of their speed
     */
    public static List<Fault> random(SimFleet fleet, double endS, int losses, int slowdowns, long seed) {
        Random random = new Random(seed);
        List<Integer> machines = new ArrayList<>();
        for (int i = 0; i < fleet.machines().size(); i++) {
            machines.add(i);
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < losses + slowdowns && machines.size() > 1; i++) {
            int machine = machines.remove(random.nextInt(machines.size()));
            double at = random.nextDouble() * endS;
            faults.add(
                    i < losses
                            ? new Fault.Loss(at, machine, FOUND_AFTER_S)
                            : new Fault.Slowdown(at, machine, 1.0 / 3 + random.nextDouble() * 0.57));
        }
        return faults;
    }
}
