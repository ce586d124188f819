package dev.buildboss.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How fast machines are, told from builds of the same thing on several of them (pure). */
final class Speeds {

    private static final int ROUNDS = 12;

    /** No machine is taken to be faster or slower by more than that, as a logarithm. */
    private static final double MOST = Math.log(8);

    private record Seen(String machine, double logCost) {}

    private final Map<String, List<Seen>> groups = new TreeMap<>();
    private final Map<String, Double> logs = new HashMap<>();

    /** A build cost that much on that machine. */
    void add(Build build, double logCost) {
        groups.computeIfAbsent(group(build), name -> new ArrayList<>()).add(new Seen(build.machine(), logCost));
    }

    /**
     * Builds that may be compared: boards change slowly from commit to commit, so all from the beginning may; others only with those of
     * the same commit.
     */
    static String group(Build build) {
        return build.board() + (build.first() ? "" : " " + build.commit());
    }

    /** Compares: medians of what is left over, machines and groups in turn. */
    void settle() {
        groups.values().removeIf(group -> machines(group).size() < 2);
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, List<Double>> leftOver = new HashMap<>();
            for (List<Seen> group : groups.values()) {
                double middle = middle(group);
                for (Seen seen : group) {
                    leftOver.computeIfAbsent(seen.machine, name -> new ArrayList<>())
                            .add(middle - seen.logCost);
                }
            }
            leftOver.forEach((machine, values) ->
                    logs.put(machine, Math.max(-MOST, Math.min(MOST, Robust.towards(0, Priors.OF_SPEED, values)))));
        }
    }

    /** Each machine has one vote, or the one that built most would always be right. */
    private double middle(List<Seen> group) {
        return Robust.median(machines(group).stream()
                .map(machine -> Robust.median(group.stream()
                                .filter(seen -> seen.machine.equals(machine))
                                .map(Seen::logCost)
                                .toList())
                        + log(machine))
                .toList());
    }

    private static Set<String> machines(List<Seen> group) {
        Set<String> names = new TreeSet<>();
        group.forEach(seen -> names.add(seen.machine));
        return names;
    }

    /** The logarithm of a machine's speed; 0 for one that was never compared. */
    double log(String machine) {
        return logs.getOrDefault(machine, 0.0);
    }

    /** All speeds that are known. */
    Map<String, Double> all() {
        Map<String, Double> result = new HashMap<>();
        logs.forEach((machine, log) -> result.put(machine, Math.exp(log)));
        return result;
    }
}
