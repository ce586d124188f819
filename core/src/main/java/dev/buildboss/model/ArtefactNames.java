package dev.buildboss.model;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that a file of a cell's directory may have. A worker's words are never used as a path unless they are one: a plain name
 * that leads nowhere else, and none of those that the boss writes itself. Recipes are held to it where they run.
 */
public final class ArtefactNames {

    /** Files that one cell may have at most: far above what any real build keeps. */
    public static final int MAX_FILES = 1000;

    /** The one hidden file that there is. */
    private static final String CONFIGURATION = ".config";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+@=,-]{0,150}");

    /** Small letters: a file system of the boss's may take capitals for the same. */
    private static final Set<String> OF_THE_BOSS = Set.of("done", "host", "confirmation", "err.first", "log.first");

    /** What each build has of its own. */
    private static final Set<String> OF_THE_BUILD = Set.of("log", "err", "sizes", "toolchain", "out-cmd", "out-env");

    private ArtefactNames() {}

    /** Whether a worker may name a file so. */
    public static boolean isAllowed(String name) {
        return name.equals(CONFIGURATION)
                || (PLAIN.matcher(name).matches() && !OF_THE_BOSS.contains(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether a recipe may give one of its files that name: neither the boss nor the build itself has one that is called so. */
    public static boolean isFree(String name) {
        return isAllowed(name) && !OF_THE_BUILD.contains(name);
    }

    /**
     * The name, if a recipe may give it to one of its files.
     *
     * @throws IllegalArgumentException in words, if it may not
     */
    public static String checkFree(String name) {
        if (OF_THE_BUILD.contains(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' is what the build itself leaves in a result: no file of a" + " recipe can be called so");
        }
        return check(name);
    }

    /**
     * The name, if it is allowed.
     *
     * @throws IllegalArgumentException in words, if it isn't
     */
    public static String check(String name) {
        if (!isAllowed(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name for a file of a result: letters, digits and" + " _.+@=,- do, but "
                            + String.join(", ", OF_THE_BOSS.stream().sorted().toList()) + " are taken");
        }
        return name;
    }
}
