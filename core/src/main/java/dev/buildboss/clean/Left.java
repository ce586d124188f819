package dev.buildboss.clean;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Something of ours on a machine.
 *
 * @param kind what it is: {@code worker}, {@code runtime}, {@code packed-runtime}, {@code leftover}, {@code worktree},
 *     {@code logs} or {@code repository}
 * @param bytes what it takes
 * @param unused how long nobody has used it
 * @param inUse whether a process has it
 * @param path where it is
 */
public record Left(String kind, long bytes, Duration unused, boolean inUse, String path) {
    /** Checks the parts. */
    public Left {
        requireNonNull(kind, "kind");
        requireNonNull(unused, "unused");
        requireNonNull(path, "path");
    }

    /** Whether it is in a work directory, whose lock must be held to remove it. */
    public boolean inWorkDir() {
        return switch (kind) {
            case "worktree", "logs", "repository" -> true;
            default -> false;
        };
    }
}
