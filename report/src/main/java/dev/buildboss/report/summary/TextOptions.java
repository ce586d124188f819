package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a summary shows beside the boards whose outcome changed.
 *
 * @param shown each part once
 */
public record TextOptions(Set<Part> shown) {

    /** Parts of a summary. */
    public enum Part {
        /** Errors and warnings that came and went ({@code -e}). */
        ERRORS,
        /** … with the boards that say them ({@code -l}). */
        ERROR_BOARDS,
        /** Sizes, averaged by architecture ({@code -S}). */
        SIZES,
        /** Sizes of each board ({@code -d}). */
        BOARD_SIZES,
        /** Sizes of each function ({@code -B}). */
        FUNCTIONS,
        /** Configuration ({@code -K}). */
        CONFIG,
        /** Environment ({@code -U}). */
        ENVIRONMENT,
        /** Boards without a result ({@code -u}). */
        UNKNOWN
    }

    /** Copies the set. */
    public TextOptions {
        requireNonNull(shown, "shown");
        shown = Set.copyOf(shown);
    }

    /** These parts. */
    public static TextOptions of(Part... parts) {
        Set<Part> set = EnumSet.noneOf(Part.class);
        for (Part part : parts) {
            set.add(part);
        }
        return new TextOptions(set);
    }

    /** Whether a part is shown. */
    public boolean shows(Part part) {
        return shown.contains(part);
    }
}
