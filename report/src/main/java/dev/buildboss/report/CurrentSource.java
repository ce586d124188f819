package dev.buildboss.report;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Commit;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * Makes a commit of the source as it stands, with an index of its own beside which the user's stays as it is.
 *
 * <p>The commit's parent is what is checked out and its dates are that one's, so that the same source gives the same hash.
 */
final class CurrentSource {

    private static final String SUBJECT = "Current source";

    private final Repository repository;

    CurrentSource(Repository repository) {
        this.repository = repository;
    }

    Commit commit() {
        if (repository.isBare()) {
            throw new BuildbossException(
                    repository.getDirectory() + ": a bare repository has no current source; name a branch with -b");
        }
        try (RevWalk walk = new RevWalk(repository)) {
            ObjectId head = repository.resolve(Constants.HEAD);
            if (head == null) {
                throw new BuildbossException(repository.getWorkTree() + ": has no commits");
            }
            RevCommit parent = walk.parseCommit(head);
            ObjectId tree = writeTree();
            if (tree.equals(parent.getTree())) {
                return new Commit(parent.name(), parent.getShortMessage());
            }
            return new Commit(insert(parent, tree).name(), SUBJECT);
        } catch (IOException | GitAPIException e) {
            throw new BuildbossException(
                    repository.getWorkTree() + ": cannot read the source as it stands (" + e.getMessage() + ")", e);
        }
    }

    private ObjectId writeTree() throws IOException, GitAPIException {
        Path directory = Files.createTempDirectory("buildboss-index");
        Path index = directory.resolve("index");
        Path users = repository.getIndexFile().toPath();
        try {
            if (Files.exists(users)) {
                Files.copy(users, index, StandardCopyOption.COPY_ATTRIBUTES);
            }
            try (Repository own = new FileRepositoryBuilder()
                            .setGitDir(repository.getDirectory())
                            .setWorkTree(repository.getWorkTree())
                            .setIndexFile(index.toFile())
                            .build();
                    Git git = new Git(own)) {
                DirCache before = own.readDirCache();
                refuseWhatCannotBeBuilt(before);
                git.add().addFilepattern(".").setAll(true).call();
                DirCache cache = own.readDirCache();
                refuseWhatCannotBeBuilt(cache);
                try (ObjectInserter inserter = own.newObjectInserter()) {
                    ObjectId tree = cache.writeTree(inserter);
                    inserter.flush();
                    return tree;
                }
            }
        } finally {
            Files.deleteIfExists(index);
            Files.deleteIfExists(directory.resolve("index.lock"));
            Files.deleteIfExists(directory);
        }
    }

    private static void refuseWhatCannotBeBuilt(DirCache cache) {
        for (int i = 0; i < cache.getEntryCount(); i++) {
            var entry = cache.getEntry(i);
            String path = Printable.line(entry.getPathString());
            if (FileMode.GITLINK.equals(entry.getRawMode())) {
                throw new BuildbossException("submodule " + path
                        + ": its files would be missing on the workers; name a branch with -b, or take it out");
            }
            if (entry.getStage() != 0) {
                throw new BuildbossException(path + ": is in the middle of a merge; resolve it first");
            }
        }
    }

    private ObjectId insert(RevCommit parent, ObjectId tree) throws IOException {
        PersonIdent when = parent.getCommitterIdent();
        PersonIdent who = new PersonIdent(
                new PersonIdent("Buildboss", "buildboss@localhost"), when.getWhenAsInstant(), when.getZoneId());
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentId(parent);
        commit.setAuthor(who);
        commit.setCommitter(who);
        commit.setMessage(SUBJECT + "\n");
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }
}
