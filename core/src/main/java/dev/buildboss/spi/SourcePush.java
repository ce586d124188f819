package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * The commits that a machine needs.
 *
 * @param gitDir the git directory to take them from
 * @param commits full hashes, in order; the last is usually a descendant of all others
 */
public record SourcePush(Path gitDir, List<String> commits) {
    /** Copies the list. */
    public SourcePush {
        requireNonNull(gitDir, "gitDir");
        commits = List.copyOf(commits);
    }
}
