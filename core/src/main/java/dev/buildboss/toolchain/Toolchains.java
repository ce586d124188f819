package dev.buildboss.toolchain;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which compiler builds which architecture: what the boss names wins over what the machine has.
 *
 * <p>A compiler is tried only when somebody asks for its architecture. Blocks while one is tried; safe to use from many
 * threads.
 */
public final class Toolchains {
    private final ToolchainSearch search;
    private final ToolchainCheck check;
    private final Map<String, String> given;
    private final Map<String, Optional<Toolchain>> chosen = new ConcurrentHashMap<>();

    /**
     * A choice among what was found.
     *
     * @param given architecture to compiler path, as the boss named it
     */
    public Toolchains(ToolchainSearch search, ToolchainCheck check, Map<String, String> given) {
        this.search = requireNonNull(search, "search");
        this.check = requireNonNull(check, "check");
        this.given = Map.copyOf(given);
    }

    /** Whether there is no compiler at all, neither found nor named. */
    public boolean isEmpty() {
        return search.isEmpty() && given.isEmpty();
    }

    /** The best working compiler for an architecture. */
    public Optional<Toolchain> find(String arch) {
        return chosen.computeIfAbsent(arch, this::choose);
    }

    private Optional<Toolchain> choose(String arch) {
        String named = given.get(arch);
        List<Path> candidates = named == null
                ? search.candidates(arch)
                : search.pathOf(named).filter(path -> path.toString().endsWith("gcc")).stream()
                        .toList();
        return candidates.stream()
                .filter(Files::isExecutable)
                .filter(gcc -> check.identity(gcc).isPresent())
                .findFirst()
                .map(gcc -> new Toolchain(gcc, arch, search.wrapper()));
    }

    /** Every architecture with a working compiler, and that compiler's identity; tries them side by side. */
    public Map<String, Identified> all() {
        Set<String> architectures = new LinkedHashSet<>(search.architectures());
        architectures.addAll(given.keySet());
        Map<String, Optional<Toolchain>> found =
                architectures.parallelStream().collect(Collectors.toMap(arch -> arch, this::find));
        Map<String, Identified> result = new LinkedHashMap<>();
        found.forEach((arch, toolchain) -> toolchain.ifPresent(t ->
                check.identity(t.gcc()).ifPresent(version -> result.put(arch, new Identified(t, version)))));
        return result;
    }

    /** A compiler and what it says of itself. */
    public record Identified(Toolchain toolchain, String version) {}
}
