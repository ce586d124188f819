package dev.buildboss.report.summary;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a set of named values changed: Kconfig options, or environment variables.
 *
 * @param added those that came, with their values
 * @param removed those that went, with their old values
 * @param changed those that have another value
 */
public record ValueChanges(
        SortedMap<String, String> added, SortedMap<String, String> removed, SortedMap<String, OldAndNew> changed) {

    /** Copies the maps. */
    public ValueChanges {
        added = Collections.unmodifiableSortedMap(new TreeMap<>(added));
        removed = Collections.unmodifiableSortedMap(new TreeMap<>(removed));
        changed = Collections.unmodifiableSortedMap(new TreeMap<>(changed));
    }

    /** A value before and after. */
    public record OldAndNew(String old, String now) {}

    /** Whether nothing changed. */
    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    /** The differences between two sets. */
    public static ValueChanges between(Map<String, String> before, Map<String, String> now) {
        SortedMap<String, String> added = new TreeMap<>(now);
        added.keySet().removeAll(before.keySet());
        SortedMap<String, String> removed = new TreeMap<>(before);
        removed.keySet().removeAll(now.keySet());
        SortedMap<String, OldAndNew> changed = new TreeMap<>();
        before.forEach((name, old) -> {
            String value = now.get(name);
            if (value != null && !value.equals(old)) {
                changed.put(name, new OldAndNew(old, value));
            }
        });
        return new ValueChanges(added, removed, changed);
    }
}
