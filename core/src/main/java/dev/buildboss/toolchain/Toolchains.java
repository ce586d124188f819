package dev.buildboss.toolchain;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Compiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which compiler builds which architecture: what the boss names wins over what the machine has, and of several that the machine has
 * the one wins that the boss has itself.
 *
 * <p>A compiler is tried only when somebody asks for its architecture. Blocks while one is tried; safe to use from many
 * threads.
 */
public final class Toolchains {
    private final ToolchainSearch search;
    private final ToolchainCheck check;
    private final Map<String, String> given;
    private final Map<String, Compiler> wanted;
    private final Map<String, Optional<Toolchain>> chosen = new ConcurrentHashMap<>();
    private final Set<String> broken = new ConcurrentSkipListSet<>();

    /**
     * A choice among what was found.
     *
     * @param given architecture to compiler path, as the boss named it
     * @param wanted what the boss has for an architecture: the same is taken where it is there, else the same version
     */
    public Toolchains(
            ToolchainSearch search, ToolchainCheck check, Map<String, String> given, Map<String, Compiler> wanted) {
        this.search = requireNonNull(search, "search");
        this.check = requireNonNull(check, "check");
        this.given = Map.copyOf(given);
        this.wanted = Map.copyOf(wanted);
    }

    /** A choice that nobody's compilers influence. */
    public Toolchains(ToolchainSearch search, ToolchainCheck check, Map<String, String> given) {
        this(search, check, given, Map.of());
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
        return pick(candidates, wanted.get(arch)).map(gcc -> new Toolchain(gcc, arch, search.wrapper()));
    }

    private Optional<Path> pick(List<Path> candidates, @Nullable Compiler like) {
        Optional<Path> first = Optional.empty();
        Optional<Path> sameVersion = Optional.empty();
        for (Path gcc : candidates) {
            Optional<Compiler> found = Files.isExecutable(gcc) ? check.identity(gcc) : Optional.empty();
            if (found.isEmpty()) {
                broken.add(gcc.toString());
            } else if (like == null || found.get().isLike(like, Compiler.Likeness.IDENTICAL)) {
                return Optional.of(gcc);
            } else if (sameVersion.isEmpty() && found.get().isLike(like, Compiler.Likeness.SAME_VERSION)) {
                sameVersion = Optional.of(gcc);
            } else if (first.isEmpty()) {
                first = Optional.of(gcc);
            }
        }
        return sameVersion.isPresent() ? sameVersion : first;
    }

    /** Compilers that were tried and do not work, each once. */
    public List<String> broken() {
        return List.copyOf(broken);
    }

    /** Every architecture with a working compiler, and what that compiler is; tries them side by side. */
    public Map<String, Identified> all() {
        Set<String> architectures = new LinkedHashSet<>(search.architectures());
        architectures.addAll(given.keySet());
        return all(architectures);
    }

    /** The same for these architectures alone. */
    public Map<String, Identified> all(Set<String> architectures) {
        Map<String, Optional<Toolchain>> found =
                new ArrayList<>(architectures).parallelStream().collect(Collectors.toMap(arch -> arch, this::find));
        Map<String, Identified> result = new LinkedHashMap<>();
        found.forEach((arch, toolchain) -> toolchain.ifPresent(t ->
                check.identity(t.gcc()).ifPresent(compiler -> result.put(arch, new Identified(t, compiler)))));
        return result;
    }

    /** A compiler for builds, and what it is. */
    public record Identified(Toolchain toolchain, Compiler compiler) {}
}
