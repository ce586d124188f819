package dev.buildboss.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Simulated machines.
 *
 * @param name what the fleet is called
 * @param machines its machines
 */
public record SimFleet(String name, List<SimMachine> machines) {
    /** Copies the list. */
    public SimFleet {
        machines = List.copyOf(machines);
        if (machines.isEmpty()) {
            throw new IllegalArgumentException("a fleet without machines");
        }
    }

    /** Four machines that differ in cores and speed: the one that the existing tool was measured on. */
    public static SimFleet uneven() {
        return of("uneven", "8x1.0 4x0.8 2x1.5 2x1.0");
    }

    /** Four equal machines. */
    public static SimFleet even() {
        return of("even", "4 4 4 4");
    }

    /** One huge machine and three small ones. */
    public static SimFleet huge() {
        return of("huge", "32x1.0 2x1.0 2x0.8 2x1.2");
    }

    /**
     * A fleet from words such as {@code 8x1.0 4x0.8}: cores and speed of each machine.
     *
     * @throws IllegalArgumentException for anything else, with the word in the message
     */
    public static SimFleet of(String name, String words) {
        List<SimMachine> machines = new ArrayList<>();
        for (String word : words.trim().split("[ ,]+", -1)) {
            String[] parts = word.split("x", -1);
            try {
                if (parts.length > 2) {
                    throw new NumberFormatException();
                }
                machines.add(SimMachine.of(
                        "m" + (machines.size() + 1),
                        Integer.parseInt(parts[0]),
                        parts.length == 2 ? Double.parseDouble(parts[1]) : 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "not a machine: \"" + word + "\"; expected CORES or CORESxSPEED, such as 8x1.5", e);
            }
        }
        return new SimFleet(name, machines);
    }

    /** The same machines, each ready after a random time of up to that, from a seed. */
    public SimFleet readyWithin(double seconds, long seed) {
        Random random = new Random(seed);
        return new SimFleet(
                name,
                machines.stream()
                        .map(m -> new SimMachine(
                                m.name(),
                                m.cores(),
                                m.speed(),
                                m.slots(),
                                random.nextDouble() * seconds,
                                m.lacks(),
                                m.givesBack()))
                        .toList());
    }

    /** The same machines and one more like that one, under that name. */
    public SimFleet with(String another, SimMachine like) {
        List<SimMachine> more = new ArrayList<>(machines);
        more.add(new SimMachine(
                another, like.cores(), like.speed(), like.slots(), like.readyS(), like.lacks(), like.givesBack()));
        return new SimFleet(name, more);
    }

    /** Work that all do in a second. */
    public double capacity() {
        return machines.stream().mapToDouble(SimMachine::capacity).sum();
    }
}
