package dev.buildboss.report;

import dev.buildboss.BuildbossException;
import dev.buildboss.boards.DirectoryTree;
import dev.buildboss.boards.SourceTree;
import dev.buildboss.model.Commit;
import dev.buildboss.results.ResultLayout;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/**
 * A git repository to build from: a work tree, a linked worktree, a bare or a shallow one. Nothing of the user's is ever changed;
 * only {@link #currentSource} adds objects that nothing refers to. Not safe for threads; close it.
 */
public final class SourceRepository implements AutoCloseable {

    private final Repository repository;

    private SourceRepository(Repository repository) {
        this.repository = repository;
    }

    /**
     * Opens the repository that a directory belongs to, as git would find it.
     *
     * @param directory a git directory, a work tree, or a directory below one
     * @throws BuildbossException if there is none
     */
    public static SourceRepository open(Path directory) {
        try {
            File start = directory.toAbsolutePath().normalize().toFile();
            if (!start.isDirectory()) {
                throw new BuildbossException(directory + ": no such directory");
            }
            FileRepositoryBuilder builder = new FileRepositoryBuilder().setMustExist(true);
            if (isGitDirectory(start)) {
                builder.setGitDir(start);
            } else {
                builder.findGitDir(start);
            }
            if (builder.getGitDir() == null) {
                throw new BuildbossException(directory + ": not a git repository (give its directory with -g DIR)");
            }
            return new SourceRepository(builder.build());
        } catch (IOException | IllegalArgumentException e) {
            throw new BuildbossException(
                    directory + ": not a git repository that can be read (" + e.getMessage() + ")", e);
        }
    }

    private static boolean isGitDirectory(File directory) {
        boolean hasContent = new File(directory, "objects").isDirectory() || new File(directory, "commondir").isFile();
        return hasContent && new File(directory, Constants.HEAD).isFile();
    }

    Repository jgit() {
        return repository;
    }

    /** The git directory that holds the commits; for a linked worktree that of its repository. */
    public Path gitDir() {
        return repository.getCommonDirectory().toPath().toAbsolutePath().normalize();
    }

    /** The top of the work tree; empty for a bare repository. */
    public Optional<Path> workTree() {
        return repository.isBare()
                ? Optional.empty()
                : Optional.of(repository.getWorkTree().toPath());
    }

    /** The work tree's files, or for a bare repository those of a revision. */
    public SourceTree tree(String revision) {
        Optional<Path> workTree = workTree();
        return workTree.isPresent()
                ? new DirectoryTree(workTree.get())
                : new CommitTree(repository, resolve(revision), revision);
    }

    /**
     * The commits to build.
     *
     * @throws BuildbossException in words, if the branch isn't there, has no upstream where one is needed, and the like
     */
    public CommitSeries series(SeriesRequest request) {
        return new SeriesReader(this).read(request);
    }

    /**
     * The source as it stands: tracked changes and files that are not ignored, as a commit that no branch refers to. Without
     * any change it is the commit that is checked out. The same source gives the same commit.
     *
     * @throws BuildbossException for a bare repository, one without a commit, or one with submodules
     */
    public Commit currentSource() {
        return new CurrentSource(repository).commit();
    }

    /**
     * Which files each commit of a series changes, against the one before it in the series; of the first nothing is told.
     *
     * @param wanted the commits to look at
     * @return paths by hash
     * @throws BuildbossException if the repository can't be read
     */
    public Map<String, List<String>> changes(List<Commit> series, Predicate<Commit> wanted) {
        return new SeriesChanges(repository).read(series, wanted);
    }

    /**
     * Whether a directory would become part of {@link #currentSource}: it is there, in the work tree, and not ignored.
     *
     * @throws BuildbossException if the work tree can't be read
     */
    public boolean wouldTake(Path directory) {
        Path top = workTree().orElse(gitDir()).toAbsolutePath().normalize();
        Path path = directory.toAbsolutePath().normalize();
        if (repository.isBare() || !path.startsWith(top) || path.equals(top) || !Files.isDirectory(path)) {
            return false;
        }
        String name = top.relativize(path).toString();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(new FileTreeIterator(repository));
            walk.setFilter(PathFilter.create(name));
            while (walk.next()) {
                if (walk.getTree(0, FileTreeIterator.class).isEntryIgnored()) {
                    return false;
                }
                if (walk.getPathString().equals(name)) {
                    return true;
                }
                walk.enterSubtree();
            }
            return false;
        } catch (IOException e) {
            throw new BuildbossException(top + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * What is known of a commit.
     *
     * @param hash a hash, which may be cut as long as it is still clear
     * @return empty if there is no such commit here
     */
    public Optional<CommitInfo> info(String hash) {
        if (!hash.matches("[0-9a-f]{7,64}")) {
            return Optional.empty();
        }
        try (RevWalk walk = new RevWalk(repository)) {
            ObjectId id = repository.resolve(hash + "^{commit}");
            if (id == null) {
                return Optional.empty();
            }
            RevCommit commit = walk.parseCommit(id);
            var author = commit.getAuthorIdent();
            return Optional.of(new CommitInfo(
                    new Commit(commit.name(), commit.getShortMessage()),
                    author == null ? "" : author.getName(),
                    author == null ? "" : author.getEmailAddress(),
                    author == null ? Instant.EPOCH : author.getWhenAsInstant()));
        } catch (IOException | RevisionSyntaxException e) {
            return Optional.empty(); // a shallow repository may lack it
        }
    }

    /**
     * Hashes that have results in a directory but are no longer reached from a series' tip.
     *
     * @param outputDir the series' result directory; it need not be there
     * @param tip full hash
     */
    public Set<String> obsolete(Path outputDir, String tip) {
        Set<String> result = new HashSet<>();
        if (!Files.isDirectory(outputDir)) {
            return result;
        }
        try (Stream<Path> entries = Files.list(outputDir);
                RevWalk walk = new RevWalk(repository)) {
            RevCommit end = walk.parseCommit(ObjectId.fromString(tip));
            for (Path entry : entries.toList()) {
                Optional<String> hash = ResultLayout.hashOf(entry.getFileName().toString());
                if (hash.isPresent() && !isReached(walk, hash.get(), end)) {
                    result.add(hash.get());
                }
            }
            return result;
        } catch (IOException e) {
            throw new BuildbossException(
                    "output directory " + outputDir + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private boolean isReached(RevWalk walk, String hash, RevCommit end) throws IOException {
        if (hash.length() != Constants.OBJECT_ID_STRING_LENGTH
                || !repository.getObjectDatabase().has(ObjectId.fromString(hash))) {
            return false;
        }
        return walk.isMergedInto(walk.parseCommit(ObjectId.fromString(hash)), end);
    }

    /**
     * The commit that a name means: a branch first, then whatever git's revision syntax makes of it.
     *
     * @throws BuildbossException naming the nearest branch, if there is none
     */
    ObjectId resolve(String revision) {
        if (revision.isEmpty() || revision.startsWith("-")) {
            throw new BuildbossException("not a branch or commit: '" + Printable.line(revision) + "'");
        }
        try {
            Ref branch = repository.exactRef(Constants.R_HEADS + revision);
            ObjectId found = branch != null ? branch.getObjectId() : repository.resolve(revision + "^{commit}");
            if (found == null) {
                throw missing(revision);
            }
            return found;
        } catch (RevisionSyntaxException e) {
            throw missing(revision);
        } catch (IOException | IllegalArgumentException e) {
            throw new BuildbossException(
                    gitDir() + ": cannot read " + Printable.line(revision) + " (" + e.getMessage() + ")", e);
        }
    }

    private BuildbossException missing(String revision) {
        if (revision.equals(Constants.HEAD)) {
            return new BuildbossException(gitDir() + ": has no commits");
        }
        return new BuildbossException("no branch or commit '" + Printable.line(revision) + "' in " + gitDir()
                + Nearest.hint(revision, branches()));
    }

    private List<String> branches() {
        try {
            return repository
                    .getRefDatabase()
                    .getRefsByPrefix(Constants.R_HEADS, Constants.R_REMOTES, Constants.R_TAGS)
                    .stream()
                    .map(ref -> Repository.shortenRefName(ref.getName()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
