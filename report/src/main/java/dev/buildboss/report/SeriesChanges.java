package dev.buildboss.report;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Tells which files each commit of a series changes, against the one before it in the series. */
final class SeriesChanges {

    /** Paths of one commit; a larger one reaches everything anyway. */
    private static final int MOST_PATHS = 2_000;

    private final Repository repository;

    SeriesChanges(Repository repository) {
        this.repository = repository;
    }

    Map<String, List<String>> read(List<Commit> commits, Predicate<Commit> wanted) {
        Map<String, List<String>> result = new HashMap<>();
        try (RevWalk commitsWalk = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.setRecursive(true);
            for (int i = 1; i < commits.size(); i++) {
                if (wanted.test(commits.get(i))) {
                    walk.reset(tree(commitsWalk, commits.get(i - 1)), tree(commitsWalk, commits.get(i)));
                    walk.setFilter(TreeFilter.ANY_DIFF);
                    List<String> paths = new ArrayList<>();
                    while (paths.size() < MOST_PATHS && walk.next()) {
                        paths.add(walk.getPathString());
                    }
                    result.put(commits.get(i).hash(), paths);
                }
            }
            return result;
        } catch (IOException e) {
            throw new BuildbossException(
                    repository.getDirectory() + ": cannot read what commits change (" + e.getMessage() + ")", e);
        }
    }

    private static ObjectId tree(RevWalk walk, Commit commit) throws IOException {
        return walk.parseCommit(ObjectId.fromString(commit.hash())).getTree();
    }
}
