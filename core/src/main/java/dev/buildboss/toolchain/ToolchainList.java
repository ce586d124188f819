package dev.buildboss.toolchain;

import static java.util.Objects.requireNonNull;

import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.model.Compiler;
import dev.buildboss.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All compilers of this computer, each with what it is, how it was found and whether builds take it. */
public final class ToolchainList {

    private static final Duration KILL_GRACE = Duration.ofMillis(500);

    private ToolchainList() {}

    /**
     * A compiler for an architecture.
     *
     * @param arch the name that boards use for the architecture
     * @param path where it is
     * @param compiler what it is; empty: it does not work
     * @param foundBy what led to it: {@code PATH}, or a setting
     * @param used whether boards of the architecture are built with it
     */
    public record Entry(String arch, Path path, Optional<Compiler> compiler, String foundBy, boolean used) {
        /** Checks the parts. */
        public Entry {
            requireNonNull(arch, "arch");
            requireNonNull(path, "path");
            requireNonNull(compiler, "compiler");
            requireNonNull(foundBy, "foundBy");
        }
    }

    /**
     * Finds them, by architecture and with the best first, and tries each once; blocks meanwhile.
     *
     * @param searchPath directories as in {@code PATH}
     * @param home what {@code ~} stands for
     */
    public static List<Entry> of(Settings.Toolchains settings, String searchPath, Path home) {
        ToolchainSearch search = ToolchainSearch.look(settings, searchPath, home);
        Set<String> aliases = new HashSet<>();
        settings.aliases().values().forEach(aliases::addAll);
        try (ProcessRunner runner = new ProcessRunner(KILL_GRACE)) {
            ToolchainCheck check = new ToolchainCheck(runner);
            Set<String> heads = new TreeSet<>(search.architectures());
            heads.removeIf(
                    arch -> aliases.contains(arch) && !settings.prefixes().containsKey(arch));
            Set<Path> all = heads.stream()
                    .flatMap(arch -> search.candidates(arch).stream())
                    .filter(Files::isExecutable)
                    .collect(Collectors.toSet());
            Map<Path, Optional<Compiler>> known =
                    all.parallelStream().collect(Collectors.toMap(path -> path, check::identity));
            List<Entry> result = new ArrayList<>();
            for (String arch : heads) {
                add(arch, search, known, result);
            }
            return result;
        }
    }

    private static void add(
            String arch, ToolchainSearch search, Map<Path, Optional<Compiler>> known, List<Entry> result) {
        boolean used = false;
        for (Path path : search.candidates(arch)) {
            Optional<Compiler> compiler = known.getOrDefault(path, Optional.empty());
            boolean first = !used && compiler.isPresent();
            used |= first;
            result.add(new Entry(arch, path, compiler, search.foundBy(arch, path), first));
        }
    }
}
