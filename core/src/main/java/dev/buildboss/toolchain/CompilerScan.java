package dev.buildboss.toolchain;

import dev.buildboss.files.Carried;
import dev.buildboss.model.Compiler;
import dev.buildboss.settings.Settings;
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

    private static final String SCRIPT = IdentityScript.text() + Carried.text(CompilerScan.class, "compilers.sh");
    private static final String MARKER = "BUILDBOSS-COMPILER ";
    private static final int MAX_COMPILERS = 200;
    private static final int FIELDS = 4;

    /** Built with each machine's own compiler, as its tools are: that may be another everywhere. */
    private static final String SANDBOX = "sandbox";

    /** The compilers for each architecture, best first; none of the lists is empty. */
    private final Map<String, List<Compiler>> byArch;

    private final List<String> broken;
    private final Compiler.Likeness wanted;

    private CompilerScan(Map<String, List<Compiler>> byArch, List<String> broken, Compiler.Likeness wanted) {
        this.byArch = byArch;
        this.broken = List.copyOf(broken);
        this.wanted = wanted;
    }

    /** An architecture for which two machines have different compilers. */
    public record Difference(String arch, Compiler here, Compiler there) {
        /** In words, such as {@code arm: 13.2.0 arm-linux-gnueabi there, 12.2.0 here}. */
        public String words() {
            return arch + ": " + here.difference(there);
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
        List<Compiler> all = new ArrayList<>();
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
                all.add(new Compiler(fields[0], fields[1], fields[2], fields[3]));
            }
        }
        return ended
                ? Optional.of(new CompilerScan(choose(all, settings), broken, settings.require()))
                : Optional.empty();
    }

    private static Map<String, List<Compiler>> choose(List<Compiler> all, Settings.Toolchains settings) {
        Map<String, List<Compiler>> byName = new TreeMap<>();
        for (Compiler one : all) {
            CompilerName.arch(name(one))
                    .ifPresent(arch ->
                            byName.computeIfAbsent(arch, a -> new ArrayList<>()).add(one));
        }
        byName.values().forEach(list -> list.sort(Comparator.comparingInt(one -> CompilerName.rank(name(one)))));
        Map<String, List<Compiler>> result = new TreeMap<>();
        byName.forEach((arch, list) -> result.put(headOf(arch, settings), list));
        // An architecture's own name comes before its other names, and these in the settings' order.
        settings.aliases().forEach((arch, names) -> {
            List<Compiler> list = Stream.concat(Stream.of(arch), names.stream())
                    .flatMap(name -> byName.getOrDefault(name, List.of()).stream())
                    .toList();
            if (!list.isEmpty()) {
                result.put(arch, list);
            }
        });
        settings.prefixes().forEach((arch, prefix) -> {
            String end = prefix.startsWith("~/") ? prefix.substring(1) + "gcc" : prefix + "gcc";
            result.remove(arch);
            all.stream()
                    .filter(one -> prefix.startsWith("~/")
                            ? one.path().endsWith(end)
                            : one.path().equals(end))
                    .findFirst()
                    .ifPresent(one -> result.put(arch, List.of(one)));
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

    private static String name(Compiler one) {
        Path name = Path.of(one.path()).getFileName();
        return name == null ? "" : name.toString();
    }

    /** The compiler of each architecture. */
    public Map<String, Compiler> byArch() {
        return closestTo(Map.of());
    }

    /**
     * The compiler of each architecture that a worker there takes: of several, the one that another machine has too.
     *
     * @param others the other machine's
     */
    public Map<String, Compiler> closestTo(Map<String, Compiler> others) {
        Map<String, Compiler> result = new TreeMap<>();
        byArch.forEach((arch, list) -> {
            Optional<Compiler> other = Optional.ofNullable(others.get(arch));
            Compiler best = Stream.of(Compiler.Likeness.IDENTICAL, Compiler.Likeness.SAME_VERSION)
                    .flatMap(likeness -> list.stream()
                            .filter(one ->
                                    other.filter(o -> o.isLike(one, likeness)).isPresent()))
                    .findFirst()
                    .orElse(list.get(0));
            result.put(arch, best);
        });
        return result;
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

    /** The architectures for which another machine's compiler is not as much like this one's as is wanted. */
    public List<Difference> differingIn(CompilerScan there) {
        List<Difference> result = new ArrayList<>();
        Map<String, Compiler> own = byArch();
        Map<String, Compiler> theirs = there.closestTo(own);
        own.forEach((arch, here) -> {
            Compiler other = theirs.get(arch);
            if (other != null && !arch.equals(SANDBOX) && !here.isLike(other, wanted)) {
                result.add(new Difference(arch, here, other));
            }
        });
        return result;
    }
}
