package dev.buildboss.results;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that a file of a cell's directory may have. A worker's words are never used as a path unless they are on this
 * list; {@code done} and {@code host} are the boss's own.
 */
public final class ArtefactNames {

    /** Files that one cell may have at most: far above what any real build keeps. */
    public static final int MAX_FILES = 1000;

    private static final Set<String> EXACT = Set.of(
            "log",
            "err",
            "toolchain",
            "sizes",
            "out-env",
            "out-cmd",
            "uboot.env",
            ".config",
            "autoconf.mk",
            "autoconf.h",
            "MLO",
            "SPL",
            "System.map",
            "vmlinux");

    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+@=-]{0,150}");

    /** Reports of any image, the phases' configuration, and what {@code -k} keeps. */
    private static final Pattern LISTED = Pattern.compile("u-boot.*|autoconf-[a-z]+\\.(mk|h)"
            + "|.+\\.(sizes|objdump|cfg|config|env|map|bin|img|itb|dtb|elf|srec|hex|imx|rom|ub|txt|json|log)");

    private ArtefactNames() {}

    /** Whether a worker may name a file so. */
    public static boolean isAllowed(String name) {
        return EXACT.contains(name)
                || (SAFE.matcher(name).matches() && LISTED.matcher(name).matches());
    }
}
