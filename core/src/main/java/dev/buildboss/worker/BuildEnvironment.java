package dev.buildboss.worker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The environment that makes are started with: the worker's own, less what would make the same cell differ between machines. Stateless. */
final class BuildEnvironment {
    /** A jobserver of whoever started the worker is not one for its makes. */
    private static final List<String> MAKE = List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "GNUMAKEFLAGS");

    /** git's abbreviated hashes get into images; their length would else depend on what a clone has. */
    private static final Map<String, String> SAME_HASHES = Map.of(
            "GIT_CONFIG_COUNT", "1",
            "GIT_CONFIG_KEY_0", "core.abbrev",
            "GIT_CONFIG_VALUE_0", "12");

    /** What trees with Kbuild take from a developer's shell, where nothing on their command line says otherwise. */
    private static final List<String> KBUILD = List.of("ARCH", "SUBARCH", "KBUILD_OUTPUT", "KCONFIG_CONFIG");

    private BuildEnvironment() {}

    static Map<String, String> sameEverywhere(Map<String, String> inherited) {
        Map<String, String> result = new HashMap<>(inherited);
        result.keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("LC_") || name.equals("LANGUAGE"));
        result.keySet().removeAll(MAKE);
        result.keySet().removeAll(KBUILD);
        result.putAll(SAME_HASHES);
        // Both: U-Boot's Makefile takes LC_ALL out again, and then a compiler's quotes would follow the machine's LANG.
        result.put("LC_ALL", "C");
        result.put("LANG", "C");
        return result;
    }
}
