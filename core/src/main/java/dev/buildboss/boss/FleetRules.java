package dev.buildboss.boss;

import static java.util.Objects.requireNonNull;

import dev.buildboss.toolchain.HostCompilers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What keeps boards from machines that could build them.
 *
 * @param compilers this computer's compilers, which those of machines are compared with; never fails
 * @param setAside by machine and architecture, why it gets no boards of that
 */
public record FleetRules(CompletionStage<HostCompilers> compilers, Map<String, Map<String, String>> setAside) {

    /** Nothing. */
    public static final FleetRules NONE =
            new FleetRules(CompletableFuture.completedFuture(HostCompilers.NONE), Map.of());

    /** Copies the map. */
    public FleetRules {
        requireNonNull(compilers, "compilers");
        Map<String, Map<String, String>> copy = new HashMap<>();
        setAside.forEach((machine, archs) -> copy.put(machine, Map.copyOf(archs)));
        setAside = Map.copyOf(copy);
    }

    Map<String, String> setAside(String machine) {
        return setAside.getOrDefault(machine, Map.of());
    }
}
