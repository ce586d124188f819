package dev.buildboss.toolchain;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a compiler's file name tells: its architecture, and how it ranks among others for it. Pure.
 *
 * <p>Source of the rules: the settings file section of U-Boot's build tool.
 */
final class CompilerName {
    /** Best first. */
    private static final List<String> RANKED = List.of(
            "-elf",
            "-unknown-linux-gnu",
            "-linux",
            "-none-linux-gnueabi",
            "-none-linux-gnueabihf",
            "-uclinux",
            "-none-eabi",
            "-gentoo-linux-gnu",
            "-linux-gnueabi",
            "-linux-gnueabihf");

    private static final Pattern DOUBLED = Pattern.compile("(.+-)\\1gcc");

    /** Wrappers of the host's gcc for language standards: no cross compilers. */
    private static final Pattern STANDARD = Pattern.compile("c[0-9]{2}-gcc");

    private CompilerName() {}

    /** The architecture by the name's first part, {@code sandbox} for plain {@code gcc}; empty: not a compiler to use. */
    static Optional<String> arch(String fileName) {
        if (fileName.equals("gcc")) {
            return Optional.of("sandbox");
        }
        int dash = fileName.indexOf('-');
        boolean usable = dash > 0
                && fileName.endsWith("-gcc")
                && !isDoubled(fileName)
                && !STANDARD.matcher(fileName).matches();
        return usable ? Optional.of(fileName.substring(0, dash)) : Optional.empty();
    }

    /** {@code x86_64-linux-x86_64-linux-gcc}. */
    private static boolean isDoubled(String fileName) {
        return DOUBLED.matcher(fileName).matches();
    }

    /** The place in the ranking, 0 the best; names that are not in it come last. */
    static int rank(String fileName) {
        String stem = fileName.endsWith("-gcc") ? fileName.substring(0, fileName.length() - "-gcc".length()) : "";
        for (int i = 0; i < RANKED.size(); i++) {
            if (stem.endsWith(RANKED.get(i))) {
                return i;
            }
        }
        return RANKED.size();
    }
}
