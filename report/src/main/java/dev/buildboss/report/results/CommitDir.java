package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A commit's directory of results: {@code <NN>_g<hash>_<subject>}.
 *
 * @param path where it is
 * @param number the commit's number in the series that was built last, from 1
 * @param hash its hash; existing tools may have cut it, to no less than 7 digits
 * @param subject what the name tells of the subject: its first 20 characters, with {@code -} for what file names can't have
 */
record CommitDir(Path path, int number, String hash, String subject) {

    private static final Pattern NAME = Pattern.compile("([0-9]{2,9})_g([0-9a-f]{7,64})(?:_(.*))?", Pattern.DOTALL);

    CommitDir {
        requireNonNull(path, "path");
        requireNonNull(hash, "hash");
        requireNonNull(subject, "subject");
    }

    static Optional<CommitDir> of(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches()
                ? Optional.of(new CommitDir(
                        path,
                        Integer.parseInt(name.group(1)),
                        name.group(2),
                        name.group(3) == null ? "" : name.group(3)))
                : Optional.empty();
    }

    boolean isOf(String fullHash) {
        return fullHash.startsWith(hash);
    }
}
