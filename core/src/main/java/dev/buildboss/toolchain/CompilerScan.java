package dev.buildboss.toolchain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The compilers that a small script found on some machine, this computer included, each with what it is: so that machines can be
 * compared without a worker there. Immutable.
 */
public final class CompilerScan {

    private static final String SCRIPT = read();
    private static final String MARKER = "BUILDBOSS-COMPILER ";
    private static final int MAX_COMPILERS = 200;
    private static final int FIELDS = 4;

    /** Built with each machine's own compiler, as its tools are: that may be another everywhere. */
    private static final String SANDBOX = "sandbox";

    private final Map<String, Found> byArch;
    private final List<String> broken;

    private CompilerScan(Map<String, Found> byArch, List<String> broken) {
        this.byArch = byArch;
        this.broken = List.copyOf(broken);
    }

    /**
     * A compiler.
     *
     * @param path where it is
     * @param version its version, such as {@code 12.2.0}
     * @param target what it compiles for, such as {@code arm-linux-gnueabi}
     * @param sum tells builds of one version apart: a checksum of how it was configured and of its specs
     */
    public record Found(String path, String version, String target, String sum) {
        /** Checks the parts. */
        public Found {
            requireNonNull(path, "path");
            requireNonNull(version, "version");
            requireNonNull(target, "target");
            requireNonNull(sum, "sum");
        }

        /** Whether it is the same compiler, wherever it is. */
        public boolean isSameAs(Found other) {
            return version.equals(other.version) && target.equals(other.target) && sum.equals(other.sum);
        }
    }

    /** An architecture for which two machines have different compilers. */
    public record Difference(String arch, Found here, Found there) {
        /** In words, such as {@code arm: 13.2.0 arm-linux-gnueabi there, 12.2.0 here}. */
        public String words() {
            boolean sameTarget = here.target().equals(there.target());
            if (sameTarget && here.version().equals(there.version())) {
                return arch + ": another build of " + there.version() + " " + there.target() + " (" + there.path()
                        + " there)";
            }
            return arch + ": " + there.version() + " " + there.target() + " there, " + here.version()
                    + (sameTarget ? "" : " " + here.target()) + " here";
        }
    }

    /** The script for a machine's shell. */
    public static String script() {
        return SCRIPT;
    }

    /**
     * Its arguments.
     *
     * @param settings where to look besides {@code PATH}
     */
    public static List<String> arguments(Settings.Toolchains settings) {
        List<String> arguments = new ArrayList<>(List.of(String.valueOf(MAX_COMPILERS), "--prefixes"));
        arguments.addAll(new TreeMap<>(settings.prefixes()).values());
        arguments.add("--paths");
        arguments.addAll(settings.paths());
        return arguments;
    }

    /** Reads what the script said; empty if it did not come to its end. Lines that don't fit are passed over. */
    public static Optional<CompilerScan> parse(String output, Settings.Toolchains settings) {
        List<Found> all = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        boolean ended = false;
        for (String line : output.split("\r?\n", -1)) {
            String[] fields =
                    line.startsWith(MARKER) ? line.substring(MARKER.length()).split("\t", -1) : new String[0];
            ended |= fields.length == 1 && fields[0].equals("end");
            if (fields.length != FIELDS) {
                continue;
            }
            if (fields[1].isEmpty() || fields[2].isEmpty()) {
                broken.add(fields[0]);
            } else {
                all.add(new Found(fields[0], fields[1], fields[2], fields[3]));
            }
        }
        return ended ? Optional.of(new CompilerScan(choose(all, settings), broken)) : Optional.empty();
    }

    private static Map<String, Found> choose(List<Found> all, Settings.Toolchains settings) {
        Map<String, List<Found>> byName = new TreeMap<>();
        for (Found one : all) {
            CompilerName.arch(name(one))
                    .ifPresent(arch ->
                            byName.computeIfAbsent(arch, a -> new ArrayList<>()).add(one));
        }
        byName.values().forEach(list -> list.sort(Comparator.comparingInt(one -> CompilerName.rank(name(one)))));
        Map<String, Found> best = new TreeMap<>();
        byName.forEach((arch, list) -> best.put(arch, list.get(0)));
        Map<String, Found> result = new TreeMap<>();
        best.forEach((arch, one) -> result.put(headOf(arch, settings), one));
        // An architecture's own name comes before its other names, and these in the settings' order.
        settings.aliases()
                .forEach((arch, names) -> Stream.concat(Stream.of(arch), names.stream())
                        .flatMap(name -> Optional.ofNullable(best.get(name)).stream())
                        .findFirst()
                        .ifPresent(one -> result.put(arch, one)));
        settings.prefixes().forEach((arch, prefix) -> {
            String end = prefix.startsWith("~/") ? prefix.substring(1) + "gcc" : prefix + "gcc";
            result.remove(arch);
            all.stream()
                    .filter(one -> prefix.startsWith("~/")
                            ? one.path().endsWith(end)
                            : one.path().equals(end))
                    .findFirst()
                    .ifPresent(one -> result.put(arch, one));
        });
        return result;
    }

    /** The name that boards use for an architecture. */
    private static String headOf(String arch, Settings.Toolchains settings) {
        return new TreeMap<>(settings.aliases())
                .entrySet().stream()
                        .filter(alias -> alias.getValue().contains(arch))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(arch);
    }

    private static String name(Found one) {
        Path name = Path.of(one.path()).getFileName();
        return name == null ? "" : name.toString();
    }

    /** The compiler of each architecture. */
    public Map<String, Found> byArch() {
        return new TreeMap<>(byArch);
    }

    /** Compilers that do not work. */
    public List<String> broken() {
        return broken;
    }

    /** The architectures of this one's compilers that another machine has none for. */
    public List<String> missingIn(CompilerScan there) {
        return byArch.keySet().stream()
                .filter(arch -> !there.byArch.containsKey(arch))
                .toList();
    }

    /** The architectures for which another machine has a different compiler than this one. */
    public List<Difference> differingIn(CompilerScan there) {
        List<Difference> result = new ArrayList<>();
        byArch.forEach((arch, here) -> {
            Found other = there.byArch.get(arch);
            if (other != null && !arch.equals(SANDBOX) && !here.isSameAs(other)) {
                result.add(new Difference(arch, here, other));
            }
        });
        return result;
    }

    private static String read() {
        try (InputStream in = CompilerScan.class.getResourceAsStream("compilers.sh")) {
            if (in == null) {
                throw new IllegalStateException("the script compilers.sh is not in the jar");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
