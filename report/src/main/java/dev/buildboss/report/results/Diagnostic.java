package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One thing that a build said on stderr, with all that belongs to it: the "In file included from" and "In function" before it,
 * the source excerpt, carets and notes after it. Equal values are the same thing said twice.
 *
 * <p>Two diagnostics with one {@link #key} are the same thing, though perhaps at another line: the key has the file, the
 * function and the message, but no line numbers, addresses or make levels. All text is as it was found: escape it before it
 * is shown.
 *
 * @param severity what kind it is
 * @param key its identity between commits
 * @param lines all its lines in order, at least one
 * @param headline which of the lines says what is wrong
 * @param place where in the source; empty if it doesn't tell
 * @param consequence whether it only says that something else went wrong, as make's "Error 1" does
 */
public record Diagnostic(
        Severity severity, String key, List<String> lines, int headline, Optional<Place> place, boolean consequence) {

    /** Checks that the headline is one of the lines. */
    public Diagnostic {
        requireNonNull(severity, "severity");
        requireNonNull(key, "key");
        lines = List.copyOf(lines);
        requireNonNull(place, "place");
        if (headline < 0 || headline >= lines.size()) {
            throw new IllegalArgumentException("no line " + headline + " of " + lines.size());
        }
    }

    /** The line that says what is wrong. */
    public String headlineText() {
        return lines.get(headline);
    }

    /** Whether the compiler points at a line of source and calls it an error: no machine's fault. */
    public boolean isPlainlyInSource() {
        return severity == Severity.ERROR && place.isPresent();
    }

    /**
     * A place in the source tree.
     *
     * @param file relative to the tree's top
     * @param line from 1
     * @param column from 1; 0 if it isn't told
     */
    public record Place(String file, int line, int column) {
        /** Checks the file. */
        public Place {
            requireNonNull(file, "file");
        }
    }
}
