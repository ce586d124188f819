package dev.buildboss.report;

import dev.buildboss.boards.SourceTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/** The files of a commit, for repositories without a work tree. Files over 4 MiB are not read. */
final class CommitTree implements SourceTree {

    private static final int MAX_FILE = 4 << 20;

    private final Repository repository;
    private final ObjectId commit;
    private final String revision;

    CommitTree(Repository repository, ObjectId commit, String revision) {
        this.repository = repository;
        this.commit = commit;
        this.revision = revision;
    }

    @Override
    public String name() {
        return repository.getDirectory() + " (" + revision + ")";
    }

    @Override
    public void read(String directory, Predicate<String> wanted, Visitor visitor) throws IOException {
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(commits.parseCommit(commit).getTree());
            walk.setFilter(PathFilter.create(directory));
            walk.setRecursive(true);
            while (walk.next()) {
                boolean isFile = FileMode.REGULAR_FILE.equals(walk.getRawMode(0))
                        || FileMode.EXECUTABLE_FILE.equals(walk.getRawMode(0));
                if (isFile && wanted.test(walk.getPathString())) {
                    ObjectLoader file = walk.getObjectReader().open(walk.getObjectId(0));
                    if (file.getSize() <= MAX_FILE) {
                        visitor.file(walk.getPathString(), new String(file.getBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }
}
