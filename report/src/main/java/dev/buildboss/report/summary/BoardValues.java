package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The same changes of values at some boards of one architecture.
 *
 * @param arch their architecture; may be empty
 * @param boards their names
 * @param files the changes by file ({@code u-boot.cfg}, {@code .config}, …); for the environment one entry, {@code uboot.env}
 */
public record BoardValues(String arch, List<String> boards, SortedMap<String, ValueChanges> files) {
    /** Copies the collections. */
    public BoardValues {
        requireNonNull(arch, "arch");
        boards = List.copyOf(boards);
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
