package dev.buildboss.cli;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that a build needs of a machine, and whether it is there.
 *
 * @param name what was tried
 * @param fine whether it works
 * @param needed whether builds fail without it; else only some boards need it
 * @param detail what was found, or what is wrong
 */
record DoctorCheck(String name, boolean fine, boolean needed, String detail) {

    /** What to install, by Debian's names. */
    private static final Map<String, String> PACKAGES = Map.ofEntries(
            Map.entry("git", "git"),
            Map.entry("make", "make"),
            Map.entry("cc", "gcc libc6-dev"),
            Map.entry("java", "openjdk-17-jre-headless"),
            Map.entry("bison", "bison"),
            Map.entry("flex", "flex"),
            Map.entry("openssl-headers", "libssl-dev"),
            Map.entry("python3", "python3"),
            Map.entry("setuptools", "python3-setuptools"),
            Map.entry("python3-headers", "python3-dev"),
            Map.entry("swig", "swig"),
            Map.entry("dtc", "device-tree-compiler"),
            Map.entry("gnutls-headers", "libgnutls28-dev"),
            Map.entry("uuid-headers", "uuid-dev"),
            Map.entry("bc", "bc"));

    /** Without these some boards of U-Boot build all the same. */
    private static final Set<String> SOME = Set.of("gnutls-headers", "uuid-headers", "bc");

    /** Other recipes' trees have needs of their own, which nobody here knows. */
    private static final Set<String> ANY_RECIPE =
            Set.of("ssh", "disk", "memory", "work-dir", "git", "make", "java", "cc");

    DoctorCheck {
        requireNonNull(name, "name");
        requireNonNull(detail, "detail");
    }

    /** Whether a recipe's builds need what is called so; a compiler that is there must work. */
    static boolean isNeeded(String name, String recipe) {
        boolean always = ANY_RECIPE.contains(name) || name.startsWith("toolchain");
        return always || (recipe.equals("u-boot") && !SOME.contains(name));
    }

    /** Whether builds will fail for it. */
    boolean isBad() {
        return needed && !fine;
    }

    /** The packages that bring what is missing, by Debian's names. */
    Optional<String> packages() {
        return fine ? Optional.empty() : Optional.ofNullable(PACKAGES.get(name));
    }

    /** {@code OK}, {@code missing} for what can be installed, possibly with whom it is needed by, else {@code not OK}. */
    String state() {
        if (!fine && !PACKAGES.containsKey(name)) {
            return "not OK";
        }
        return fine ? "OK" : needed ? "missing" : "missing (some boards need it)";
    }
}
