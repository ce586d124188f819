package dev.buildboss.toolchain;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A compiler with its binutils.
 *
 * @param gcc the compiler's absolute path; its name ends in {@code gcc}
 * @param arch the architecture that it was chosen for
 * @param wrapper what runs it, such as {@code ccache}
 */
public record Toolchain(Path gcc, String arch, Optional<String> wrapper) {
    /** Checks the path. */
    public Toolchain {
        requireNonNull(arch, "arch");
        requireNonNull(wrapper, "wrapper");
        if (!gcc.isAbsolute() || !fileName(gcc).endsWith("gcc")) {
            throw new IllegalArgumentException("not the path of a gcc: " + gcc);
        }
    }

    /** Without a wrapper. */
    public Toolchain(Path gcc, String arch) {
        this(gcc, arch, Optional.empty());
    }

    /** What comes before {@code gcc} in the tools' names, such as {@code arm-linux-gnueabi-}; empty for the host's own. */
    public String cross() {
        String name = fileName(gcc);
        return name.substring(0, name.length() - "gcc".length());
    }

    /** The directory of the tools. */
    public Path directory() {
        return requireNonNull(gcc.getParent(), "an absolute path has a parent");
    }

    /** The path of another of its tools, such as {@code size}. */
    public String tool(String name) {
        return directory().resolve(cross() + name).toString();
    }

    /**
     * The environment of a build with it: {@code CROSS_COMPILE} (with the wrapper before it), {@code LC_ALL=C}, its directory
     * first in {@code PATH}.
     */
    public Map<String, String> environment(Map<String, String> inherited) {
        return environment(inherited, false);
    }

    /** The same, with the directory in {@code CROSS_COMPILE} if that is wanted. */
    public Map<String, String> environment(Map<String, String> inherited, boolean fullPath) {
        Map<String, String> result = new HashMap<>(inherited);
        String prefix = fullPath ? directory() + "/" + cross() : cross();
        result.put("CROSS_COMPILE", wrapper.map(program -> program + " ").orElse("") + prefix);
        result.put("LC_ALL", "C");
        String path = inherited.getOrDefault("PATH", "/usr/bin:/bin");
        result.put("PATH", directory() + ":" + path);
        return result;
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
