package dev.buildboss.toolchain;

import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.exec.Programs;
import dev.buildboss.model.Compiler;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * This computer's own compilers: what those of machines are compared with.
 *
 * @param byArch the compiler for each architecture that was asked for and that there is one for
 * @param broken compilers that would have been taken if they worked
 */
public record HostCompilers(Map<String, Compiler> byArch, List<String> broken) {

    /** None: any machine's will do. */
    public static final HostCompilers NONE = new HostCompilers(Map.of(), List.of());

    private static final Duration KILL_GRACE = Duration.ofMillis(500);

    /** Copies the collections. */
    public HostCompilers {
        byArch = Map.copyOf(byArch);
        broken = List.copyOf(broken);
    }

    /**
     * Finds the compilers for these architectures, and asks each who it is; blocks meanwhile.
     *
     * @param settings where to look besides {@code PATH}
     */
    public static HostCompilers find(Settings.Toolchains settings, Collection<String> architectures) {
        ToolchainSearch search = ToolchainSearch.look(settings, Programs.searchPath(), Programs.home());
        try (ProcessRunner runner = new ProcessRunner(KILL_GRACE)) {
            Toolchains toolchains = new Toolchains(search, new ToolchainCheck(runner), Map.of(), Map.of());
            Map<String, Compiler> found = new TreeMap<>();
            toolchains.all(Set.copyOf(architectures)).forEach((arch, one) -> found.put(arch, one.compiler()));
            return new HostCompilers(found, toolchains.broken());
        }
    }
}
