package dev.buildboss.report;

import dev.buildboss.BuildbossException;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.BlobBasedConfig;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Refuses, by name, what a push and a checkout with plain git leave out on a worker: submodules and files in Git LFS. Looks at
 * {@code .gitmodules} and {@code .gitattributes} at a commit's top.
 */
final class PlainCheckout {

    private static final String LFS = "filter=lfs";

    private PlainCheckout() {}

    /**
     * Looks at one commit, the newest of those that are built.
     *
     * @throws BuildbossException naming the submodule or the files
     */
    static void check(Repository repository, RevCommit commit) throws IOException {
        for (String path : submodules(repository, commit)) {
            try (TreeWalk at = TreeWalk.forPath(repository, path, commit.getTree())) {
                if (at != null && FileMode.GITLINK.equals(at.getRawMode(0))) {
                    throw submodule(path);
                }
            }
        }
        try (TreeWalk at = TreeWalk.forPath(repository, ".gitattributes", commit.getTree())) {
            if (at != null) {
                String text = new String(repository.open(at.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
                text.lines().filter(PlainCheckout::isInLfs).findFirst().ifPresent(line -> {
                    throw new BuildbossException("files in Git LFS (.gitattributes: " + Printable.line(line.strip())
                            + "): they would be missing on the workers; take them out of LFS in what is built");
                });
            }
        }
    }

    private static boolean isInLfs(String line) {
        String[] words = line.strip().split("\\s+");
        return !words[0].startsWith("#")
                && List.of(words).subList(1, words.length).contains(LFS);
    }

    private static List<String> submodules(Repository repository, RevCommit commit) throws IOException {
        try (TreeWalk at = TreeWalk.forPath(repository, ".gitmodules", commit.getTree())) {
            if (at == null) {
                return List.of();
            }
            Config modules = new BlobBasedConfig(null, repository, at.getObjectId(0));
            return modules.getSubsections("submodule").stream()
                    .map(name -> String.valueOf(modules.getString("submodule", name, "path")))
                    .toList();
        } catch (ConfigInvalidException e) {
            return List.of(); // git itself would not take it for a list of submodules
        }
    }

    /** What is said of a submodule. */
    static BuildbossException submodule(String path) {
        return new BuildbossException("submodule " + Printable.line(path)
                + ": its files would be missing on the workers; take it out in what is built");
    }
}
