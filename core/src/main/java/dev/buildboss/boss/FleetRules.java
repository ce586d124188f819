package dev.buildboss.boss;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Machine;
import dev.buildboss.toolchain.HostCompilers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What keeps boards from machines that could build them.
 *
 * @param compilers this computer's compilers, which those of machines are compared with; never fails
 * @param setAside by machine and architecture, why it gets no boards of that
 * @param admission compares machines' images; empty: nobody does
 */
public record FleetRules(
        CompletionStage<HostCompilers> compilers,
        Map<String, Map<String, String>> setAside,
        Optional<Admission> admission) {

    /** Looks at each machine before it gets boards: one that was not there when all were compared is compared as it joins. */
    public interface Admission {
        /** Ends when it is known what the machine may build; fails if the machine can't be looked at. */
        CompletionStage<Void> admit(Machine machine);

        /** By architecture, why a machine that was looked at gets no boards of that. */
        Map<String, String> setAside(String machine);
    }

    /** Nothing. */
    public static final FleetRules NONE =
            new FleetRules(CompletableFuture.completedFuture(HostCompilers.NONE), Map.of(), Optional.empty());

    /** Copies the map. */
    public FleetRules {
        requireNonNull(compilers, "compilers");
        Map<String, Map<String, String>> copy = new HashMap<>();
        setAside.forEach((machine, archs) -> copy.put(machine, Map.copyOf(archs)));
        setAside = Map.copyOf(copy);
        requireNonNull(admission, "admission");
    }

    CompletionStage<Void> admit(Machine machine) {
        return admission.map(rule -> rule.admit(machine)).orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    Map<String, String> setAside(String machine) {
        Map<String, String> result = new HashMap<>(setAside.getOrDefault(machine, Map.of()));
        admission.ifPresent(rule -> result.putAll(rule.setAside(machine)));
        return result;
    }
}
