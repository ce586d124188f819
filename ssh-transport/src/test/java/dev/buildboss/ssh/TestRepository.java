package dev.buildboss.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Small git repositories, made with the git program. */
final class TestRepository {

    private TestRepository() {}

    /** So many commits in a row, the file {@code file} with the commit's number in it. */
    static Path create(Path dir, int commits) throws IOException {
        Files.createDirectories(dir);
        git(dir, "init", "-q", "-b", "main", ".");
        for (int i = 1; i <= commits; i++) {
            Files.writeString(dir.resolve("file"), i + "\n");
            git(dir, "add", "file");
            commit(dir, "commit " + i);
        }
        return dir;
    }

    /** A commit beside the branch, on its first commit. */
    static String sideCommit(Path dir) throws IOException {
        git(dir, "checkout", "-q", "--detach", commits(dir).get(0));
        Files.writeString(dir.resolve("side"), "side\n");
        git(dir, "add", "side");
        commit(dir, "side");
        String hash = git(dir, "rev-parse", "HEAD").strip();
        git(dir, "checkout", "-q", "main");
        return hash;
    }

    /** The branch's hashes, oldest first. */
    static List<String> commits(Path dir) throws IOException {
        return git(dir, "rev-list", "--reverse", "HEAD").lines().toList();
    }

    static boolean has(Path dir, String hash) throws IOException {
        return git(dir, "cat-file", "-t", hash).strip().equals("commit");
    }

    static List<String> refs(Path dir) throws IOException {
        return git(dir, "for-each-ref", "--format=%(refname)").lines().toList();
    }

    private static void commit(Path dir, String subject) throws IOException {
        git(dir, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-q", "-m", subject);
    }

    static String git(Path dir, String... args) throws IOException {
        return Sshd.run(Stream.concat(Stream.of("git", "-C", dir.toString()), Stream.of(args))
                .toList());
    }
}
