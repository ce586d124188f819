package dev.buildboss.runtime;

import dev.buildboss.BuildbossException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The kind of machine that a runtime is for.
 *
 * @param system what {@code uname -s} says
 * @param arch what {@code uname -m} says
 * @param libc {@code gnu} or {@code musl}
 */
public record RuntimeKind(String system, String arch, String libc) {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

    /** Refuses words that could leave a directory: a machine said them. */
    public RuntimeKind {
        for (String word : new String[] {system, arch, libc}) {
            if (!WORD.matcher(word).matches()) {
                throw new BuildbossException("not a kind of machine");
            }
        }
    }

    /** The name of its directory, such as {@code linux-x86_64}. */
    public String name() {
        return system.toLowerCase(Locale.ROOT) + "-" + arch + (libc.equals("musl") ? "-musl" : "");
    }
}
