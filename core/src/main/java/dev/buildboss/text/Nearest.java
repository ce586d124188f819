package dev.buildboss.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a person most likely meant, by edit distance (with transpositions, without regard to case). Pure. */
public final class Nearest {

    private Nearest() {}

    /** The candidate nearest to a name; empty if none is near enough to be a slip of the fingers. */
    public static Optional<String> to(String name, Collection<String> candidates) {
        return all(name, candidates, 1).stream().findFirst();
    }

    /** Up to {@code limit} near candidates, nearest first. */
    public static List<String> all(String name, Collection<String> candidates, int limit) {
        int allowed = Math.max(2, name.length() / 4);
        record Found(String name, int distance) {}
        List<Found> found = new ArrayList<>();
        for (String candidate : candidates) {
            if (Math.abs(candidate.length() - name.length()) <= allowed) {
                int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
                if (distance <= allowed && distance < name.length()) {
                    found.add(new Found(candidate, distance));
                }
            }
        }
        found.sort(Comparator.comparingInt(Found::distance).thenComparing(Found::name));
        return found.stream().limit(limit).map(Found::name).toList();
    }

    /** {@code " (did you mean x?)"}, or an empty text when nothing is near. */
    public static String hint(String name, Collection<String> candidates) {
        return to(name, candidates).map(near -> " (did you mean " + near + "?)").orElse("");
    }

    /** The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
    static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[b.length()];
    }
}
