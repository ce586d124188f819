package dev.buildboss.history;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How many files of which kind a commit changes: what an incremental build after it costs goes by that.
 *
 * @param config what configurations are made by ({@code Kconfig*})
 * @param make what builds are made by ({@code Makefile}, {@code *.mk}, linker scripts)
 * @param headers files that others include
 * @param sources files that are compiled, device trees among them
 * @param others all else, such as documentation, tests and boards' own {@code defconfig}s
 */
public record ChangedFiles(int config, int make, int headers, int sources, int others) {

    private static final Set<String> SOURCES = Set.of("c", "s", "cc", "cpp", "cxx", "dts", "dtso", "rs", "l", "y");
    private static final Set<String> HEADERS = Set.of("h", "hh", "hpp", "inc", "dtsi");
    private static final Set<String> MAKE = Set.of("mk", "lds", "mak", "cmake");
    private static final Set<String> NOT_BUILT = Set.of("doc", "documentation", "test", "tests", "configs");

    /** The widest thing that a commit touches: the narrower ones hardly matter beside it. */
    enum Reach {
        /** Nothing that is compiled. */
        NOTHING,
        SOURCES,
        HEADERS,
        MAKE,
        CONFIG,
        /** Nobody said what the commit changes. */
        UNKNOWN
    }

    /** Files of each bin of {@link #size} at most. */
    private static final int[] SIZES = {3, 12};

    /** The bins that {@link #size} tells apart. */
    static final int BINS = SIZES.length + 1;

    /** Checks the numbers. */
    public ChangedFiles {
        if (config < 0 || make < 0 || headers < 0 || sources < 0 || others < 0) {
            throw new IllegalArgumentException("a commit that changes less than no file");
        }
    }

    /** Counts paths; they are relative to the top of the tree, with {@code /}. */
    public static ChangedFiles of(Collection<String> paths) {
        Map<Reach, Integer> counts = new EnumMap<>(Reach.class);
        paths.forEach(path -> counts.merge(reach(path), 1, Integer::sum));
        return new ChangedFiles(
                counts.getOrDefault(Reach.CONFIG, 0),
                counts.getOrDefault(Reach.MAKE, 0),
                counts.getOrDefault(Reach.HEADERS, 0),
                counts.getOrDefault(Reach.SOURCES, 0),
                counts.getOrDefault(Reach.NOTHING, 0));
    }

    private static Reach reach(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String top = path.substring(0, Math.max(0, path.indexOf('/'))).toLowerCase(Locale.ROOT);
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        if (NOT_BUILT.contains(top)) {
            return Reach.NOTHING;
        } else if (name.startsWith("kconfig")) {
            return Reach.CONFIG;
        } else if (name.startsWith("makefile") || name.equals("kbuild") || MAKE.contains(suffix)) {
            return Reach.MAKE;
        } else if (HEADERS.contains(suffix)) {
            return Reach.HEADERS;
        }
        return SOURCES.contains(suffix) ? Reach.SOURCES : Reach.NOTHING;
    }

    Reach reach() {
        if (config > 0) {
            return Reach.CONFIG;
        } else if (make > 0) {
            return Reach.MAKE;
        } else if (headers > 0) {
            return Reach.HEADERS;
        }
        return sources > 0 ? Reach.SOURCES : Reach.NOTHING;
    }

    /** Few, several, or many files of those that count; from 0. */
    int size() {
        int files = config + make + headers + sources;
        int bin = 0;
        while (bin < SIZES.length && files > SIZES[bin]) {
            bin++;
        }
        return bin;
    }
}
