package dev.buildboss.ssh;

import java.util.List;
import java.util.Locale;

/** Patterns with {@code *}, {@code ?} and a leading {@code !}, as ssh_config(5) and sshd(8) have them. */
final class HostPatterns {

    private HostPatterns() {}

    /** Whether a pattern matches and none with {@code !} does. */
    static boolean matches(List<String> patterns, String name) {
        boolean found = false;
        for (String pattern : patterns) {
            if (pattern.startsWith("!")) {
                if (matches(pattern.substring(1), name)) {
                    return false;
                }
            } else {
                found |= matches(pattern, name);
            }
        }
        return found;
    }

    /** Greedy with one step back to the last star: linear in practice, quadratic at worst, and no regular expression. */
    static boolean matches(String pattern, String name) {
        String p = pattern.toLowerCase(Locale.ROOT);
        String n = name.toLowerCase(Locale.ROOT);
        int i = 0;
        int j = 0;
        int star = -1;
        int mark = 0;
        while (j < n.length()) {
            if (i < p.length() && p.charAt(i) == '*') {
                star = i++;
                mark = j;
            } else if (i < p.length() && (p.charAt(i) == '?' || p.charAt(i) == n.charAt(j))) {
                i++;
                j++;
            } else if (star >= 0) {
                i = star + 1;
                j = ++mark;
            } else {
                return false;
            }
        }
        while (i < p.length() && p.charAt(i) == '*') {
            i++;
        }
        return i == p.length();
    }
}
