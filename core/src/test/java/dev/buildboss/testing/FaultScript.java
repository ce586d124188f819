package dev.buildboss.testing;

import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What goes wrong with one connection, drawn before it begins: it does not depend on what the boss does.
 *
 * @param opening what keeps it from building
 * @param building what happens while it builds, each so long after boards can come
 * @param cells how often a cell's result is replaced by a fault of the machine: 0…1
 * @param ending what goes wrong at its end
 */
record FaultScript(Optional<Fault> opening, List<Timed> building, double cells, Set<Fault> ending) {

    /** A fault and its moment. */
    record Timed(Duration after, Fault fault) {}

    /** A machine of a fleet: what it is like, for all its connections. */
    record Profile(Machine machine, int slots, Set<Feature> features, Set<String> archs, double speed, double trouble) {
        /** Never makes trouble, and can build everything. */
        boolean steady() {
            return trouble == 0 && archs.size() == ARCHS.size();
        }
    }

    /** The architectures of the boards. */
    static final List<String> ARCHS = List.of("arm", "aarch64", "sandbox");

    static FaultScript draw(Profile profile, RandomGenerator random) {
        Optional<Fault> opening = Optional.empty();
        List<Timed> building = new ArrayList<>();
        Set<Fault> ending = EnumSet.noneOf(Fault.class);
        double cells = 0;
        if (profile.trouble > 0) {
            if (random.nextDouble() < profile.trouble / 2) {
                opening = Optional.of(one(Fault.Stage.OPENING, random));
            }
            while (building.size() < 4 && random.nextDouble() < profile.trouble) {
                building.add(new Timed(between(0, 1800, random), one(Fault.Stage.BUILDING, random)));
            }
            if (random.nextDouble() < profile.trouble) {
                ending.add(one(Fault.Stage.ENDING, random));
            }
            cells = random.nextInt(4) == 0 ? random.nextDouble() * profile.trouble : 0;
        }
        return new FaultScript(opening, building, cells, ending);
    }

    static Fault one(Fault.Stage stage, RandomGenerator random) {
        List<Fault> choices = java.util.Arrays.stream(Fault.values())
                .filter(f -> f.stage() == stage)
                .toList();
        return choices.get(random.nextInt(choices.size()));
    }

    /** A time between so many seconds, to the millisecond; short ones are as likely as long ones. */
    static Duration between(int from, int to, RandomGenerator random) {
        double spread = Math.pow(random.nextDouble(), 3);
        return Duration.ofMillis(from * 1000L + (long) ((to - from) * 1000L * spread));
    }

    /** A source of chance of its own for each thing that has a name: no other draw changes it. */
    static SplittableRandom randomFor(long seed, String name) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + name.hashCode() * 0xD1B54A32D192ED03L);
    }
}
