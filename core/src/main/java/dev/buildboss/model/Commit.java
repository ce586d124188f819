package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * One commit of the series that a run builds.
 *
 * @param hash the full object name in lower-case hex (SHA-1 or SHA-256)
 * @param subject the first line of its message, as the author wrote it: never to be trusted as a file name
 */
public record Commit(String hash, String subject) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** Refuses anything but a full hash, so that no revision syntax or option ever reaches git. */
    public Commit {
        if (!HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException("not a full commit hash: '" + hash + "'");
        }
        requireNonNull(subject, "subject");
    }
}
