package dev.buildboss.report;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Commit;
import java.time.Instant;

/**
 * What a repository tells of a commit.
 *
 * @param commit its hash and subject
 * @param author the author's name
 * @param email the author's address
 * @param authored when it was written
 */
public record CommitInfo(Commit commit, String author, String email, Instant authored) {
    /** Checks the parts. */
    public CommitInfo {
        requireNonNull(commit, "commit");
        requireNonNull(author, "author");
        requireNonNull(email, "email");
        requireNonNull(authored, "authored");
    }
}
