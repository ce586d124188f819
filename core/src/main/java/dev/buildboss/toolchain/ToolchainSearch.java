package dev.buildboss.toolchain;

import static java.util.Objects.requireNonNull;

import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compilers of this machine by their names: those of {@code buildboss.toolchains} and of {@code PATH}.
 *
 * <p>Looks at names only; whether one works is {@link ToolchainCheck}'s to say. Immutable once made.
 */
public final class ToolchainSearch {
    private static final Logger LOG = LoggerFactory.getLogger(ToolchainSearch.class);

    /** A directory pattern matches this many directories at most. */
    private static final int MAX_MATCHES = 1000;

    private final Map<String, List<Path>> byArch;
    /** What led to each directory. */
    private final Map<Path, String> directories;

    private final Settings.Toolchains settings;
    private final Path home;
    private final Optional<String> wrapper;

    private ToolchainSearch(
            Map<String, List<Path>> byArch,
            Map<Path, String> directories,
            Settings.Toolchains settings,
            Path home,
            Optional<String> wrapper) {
        this.byArch = byArch;
        this.directories = directories;
        this.settings = settings;
        this.home = home;
        this.wrapper = wrapper;
    }

    /**
     * Looks for compilers. Reads directories; never fails on one that is not there.
     *
     * @param settings where to look besides {@code PATH}
     * @param searchPath directories as in {@code PATH}
     * @param home what {@code ~} stands for
     */
    public static ToolchainSearch look(Settings.Toolchains settings, String searchPath, Path home) {
        requireNonNull(home, "home");
        Map<Path, String> directories = new LinkedHashMap<>();
        for (String pattern : settings.paths()) {
            for (Path root : expand(pattern, home)) {
                for (Path directory : List.of(root, root.resolve("bin"), root.resolve("usr/bin"))) {
                    directories.putIfAbsent(directory, "toolchains.paths: " + pattern);
                }
            }
        }
        for (String entry : searchPath.split(":", -1)) {
            if (entry.startsWith("/")) {
                directories.putIfAbsent(Path.of(entry), "PATH");
            }
        }
        Map<String, List<Path>> found = new TreeMap<>();
        Set<Path> seen = new HashSet<>();
        for (Path directory : directories.keySet()) {
            if (real(directory).filter(seen::add).isPresent()) { // /bin and /usr/bin are often one
                listCompilers(directory, found);
            }
        }
        // A stable sort: among equals, the settings' and then PATH's order stays.
        found.values().forEach(list -> list.sort(Comparator.comparingInt(path -> CompilerName.rank(name(path)))));
        return new ToolchainSearch(found, directories, settings, home, wrapper(settings, searchPath, home));
    }

    /** The wrapper if this machine has it: compilers build the same without one, and a fleet need not have it everywhere. */
    private static Optional<String> wrapper(Settings.Toolchains settings, String searchPath, Path home) {
        return settings.wrapper().filter(command -> {
            String program = command.strip().split("\\s+", -1)[0];
            boolean here = program.contains("/")
                    ? Files.isExecutable(
                            program.startsWith("~/") ? home.resolve(program.substring(2)) : Path.of(program))
                    : Stream.of(searchPath.split(":", -1))
                            .anyMatch(directory -> directory.startsWith("/")
                                    && Files.isExecutable(Path.of(directory).resolve(program)));
            if (!here) {
                LOG.warn("{} (toolchains.wrapper) is not on this machine: compilers run without it", program);
            }
            return here;
        });
    }

    /** What runs the compilers here. */
    public Optional<String> wrapper() {
        return wrapper;
    }

    /** Whether nothing at all was found or named. */
    public boolean isEmpty() {
        return byArch.isEmpty() && settings.prefixes().isEmpty();
    }

    /** All architectures that some compiler was found or named for. */
    public Set<String> architectures() {
        Set<String> result = new LinkedHashSet<>(byArch.keySet());
        result.addAll(settings.prefixes().keySet());
        settings.aliases().forEach((arch, others) -> {
            if (others.stream().anyMatch(byArch::containsKey)) {
                result.add(arch);
            }
        });
        return result;
    }

    /** Compilers for an architecture, best first; a prefix of the settings is the only one where there is one. */
    public List<Path> candidates(String arch) {
        String prefix = settings.prefixes().get(arch);
        if (prefix != null) {
            return pathOf(prefix + "gcc").map(List::of).orElse(List.of());
        }
        List<Path> result = new ArrayList<>(byArch.getOrDefault(arch, List.of()));
        for (String alias : settings.aliases().getOrDefault(arch, List.of())) {
            result.addAll(byArch.getOrDefault(alias, List.of()));
        }
        return result;
    }

    /** What led to one of an architecture's candidates: {@code PATH}, or a setting. */
    String foundBy(String arch, Path gcc) {
        return settings.prefixes().containsKey(arch)
                ? "toolchains.prefixes." + arch
                : directories.getOrDefault(gcc.getParent(), "PATH");
    }

    /** A path that a boss or the settings wrote, with {@code ~} for the home here; empty: not an absolute path. */
    public Optional<Path> pathOf(String text) {
        try {
            Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
            return path.isAbsolute() ? Optional.of(path.normalize()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> real(Path directory) {
        try {
            return Optional.of(directory.toRealPath());
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    private static void listCompilers(Path directory, Map<String, List<Path>> found) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Map<String, Path> sorted = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*gcc")) {
            entries.forEach(entry -> sorted.put(name(entry), entry));
        } catch (IOException e) {
            LOG.debug("cannot look for compilers in {}: {}", directory, e.getMessage());
            return;
        }
        sorted.forEach((name, path) -> {
            if (Files.isExecutable(path)) {
                CompilerName.arch(name)
                        .ifPresent(arch -> found.computeIfAbsent(arch, a -> new ArrayList<>())
                                .add(path));
            }
        });
    }

    /** A path whose parts may be patterns, as a shell would expand it. */
    private static List<Path> expand(String pattern, Path home) {
        String absolute = pattern.startsWith("~/") ? home + pattern.substring(1) : pattern;
        if (!absolute.startsWith("/")) {
            return List.of();
        }
        List<Path> roots = List.of(Path.of("/"));
        for (String part : absolute.substring(1).split("/+", -1)) {
            Map<Path, Path> next = new LinkedHashMap<>();
            for (Path root : roots) {
                matches(root, part).stream()
                        .limit(MAX_MATCHES - (long) next.size())
                        .forEach(path -> next.put(path, path));
            }
            roots = List.copyOf(next.keySet());
        }
        return roots;
    }

    private static List<Path> matches(Path root, String part) {
        if (!part.matches(".*[*?\\[{].*")) {
            return List.of(root.resolve(part));
        }
        List<Path> result = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, part)) {
            entries.forEach(result::add);
        } catch (IOException | RuntimeException e) {
            LOG.debug("cannot look for {} in {}: {}", part, root, e.getMessage());
        }
        result.sort(Comparator.naturalOrder());
        return result;
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
