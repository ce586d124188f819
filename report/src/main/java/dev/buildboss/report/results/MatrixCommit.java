package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A commit of a {@link Matrix}.
 *
 * @param number its number, from 1
 * @param hash its hash, in full where a repository told it; for the source as it stands what it was built from, perhaps empty
 * @param subject its subject; without a repository what its directory's name tells of it
 * @param dir the directory of its cells; empty if nothing of it was built
 */
public record MatrixCommit(int number, String hash, String subject, Optional<Path> dir) {
    /** Checks the parts. */
    public MatrixCommit {
        requireNonNull(hash, "hash");
        requireNonNull(subject, "subject");
        requireNonNull(dir, "dir");
    }

    /** The number in its directory's name, from 1: its place in the series that was built there last. Empty if there is no such. */
    public Optional<Integer> dirNumber() {
        return dir.flatMap(CommitDir::of).map(CommitDir::number);
    }
}
