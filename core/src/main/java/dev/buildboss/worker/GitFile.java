package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a worktree's {@code .git} file. */
final class GitFile {
    private static final String KEY = "gitdir:";

    private GitFile() {}

    /** The directory that it names, which may be relative to its own; empty: it is no such file. */
    static Optional<Path> target(Path gitFile) {
        try {
            if (!Files.isRegularFile(gitFile) || Files.size(gitFile) > 8192) {
                return Optional.empty();
            }
            String text = Files.readString(gitFile, UTF_8).strip();
            return text.startsWith(KEY)
                    ? Optional.of(requireNonNull(gitFile.toAbsolutePath().getParent())
                            .resolve(text.substring(KEY.length()).strip())
                            .normalize())
                    : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
