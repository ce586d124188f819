package dev.buildboss.plan;

import dev.buildboss.model.Compiler;
import dev.buildboss.settings.Settings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which architectures a machine gets boards of, by the compilers that it has and those that this computer has (pure). */
public final class CompilerRule {

    /** Built with each machine's own compiler, as its tools are. */
    public static final String SANDBOX = "sandbox";

    /** The version directory of a compiler from the net: a path component such as {@code gcc-13.1.0-nolibc}. */
    private static final Pattern VERSION_DIRECTORY = Pattern.compile("/(gcc-[^/]*nolibc[^/]*)/");

    private final Settings.Toolchains settings;
    private final Map<String, Compiler> own;
    private final Map<String, String> setAside;

    /**
     * A rule for one machine.
     *
     * @param own this computer's compilers; an architecture that is not there may be built anywhere
     * @param setAside architectures that the machine gets no boards of whatever it has, and why
     */
    public CompilerRule(Settings.Toolchains settings, Map<String, Compiler> own, Map<String, String> setAside) {
        this.settings = settings;
        this.own = Map.copyOf(own);
        this.setAside = Map.copyOf(setAside);
    }

    /** What a machine can build, other names of architectures included, and what it may not and why. */
    public Capability.Archs capability(Map<String, Compiler> theirs) {
        Set<String> archs = new HashSet<>(theirs.keySet());
        settings.aliases().forEach((arch, aliases) -> {
            if (aliases.stream().anyMatch(theirs::containsKey)) {
                archs.add(arch);
            }
        });
        return new Capability.Archs(archs, refused(archs, theirs));
    }

    /** For a machine whose worker does not name its compilers: those that were found there are not all that it may have. */
    public Capability unnamed(Map<String, Compiler> found) {
        Map<String, String> refused = refused(found.keySet(), found);
        return refused.isEmpty() ? new Capability.Any() : new Capability.AllBut(refused);
    }

    private Map<String, String> refused(Set<String> archs, Map<String, Compiler> theirs) {
        Map<String, String> refused = new HashMap<>();
        for (String arch : archs) {
            compiler(theirs, arch).flatMap(there -> difference(arch, there)).ifPresent(why -> refused.put(arch, why));
        }
        refused.putAll(setAside);
        return refused;
    }

    private Optional<String> difference(String arch, Compiler there) {
        Optional<Compiler> here = arch.equals(SANDBOX) ? Optional.empty() : compiler(own, arch);
        if (here.isEmpty() || settings.require() == Compiler.Likeness.ANY) {
            return Optional.empty();
        }
        boolean like = here.get().isLike(there, settings.require())
                && !(settings.require() == Compiler.Likeness.IDENTICAL && otherDirectory(here.get(), there));
        String rule = settings.require().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return like ? Optional.empty() : Optional.of(here.get().difference(there) + "; toolchains.require is " + rule);
    }

    /** The rule of users' tool for machines whose compilers could be told by their directories only. */
    private static boolean otherDirectory(Compiler here, Compiler there) {
        if (!here.identity().isEmpty() && !there.identity().isEmpty()) {
            return false;
        }
        Matcher one = VERSION_DIRECTORY.matcher(here.path());
        Matcher other = VERSION_DIRECTORY.matcher(there.path());
        return one.find() && other.find() && !one.group(1).equals(other.group(1));
    }

    private Optional<Compiler> compiler(Map<String, Compiler> compilers, String arch) {
        List<String> aliases = settings.aliases().getOrDefault(arch, List.of());
        return Stream.concat(Stream.of(arch), aliases.stream())
                .filter(compilers::containsKey)
                .findFirst()
                .map(compilers::get);
    }

    /** What is to be told of a machine in a run that wants these architectures; empty: nothing. */
    public static String words(Capability capability, Set<String> wanted) {
        return capability.refused().entrySet().stream()
                .filter(entry -> wanted.contains(entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "no " + entry.getKey() + " boards go there: " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
