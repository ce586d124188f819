package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/** Pushes with JGit, for computers without the git program. A shallow source is refused: JGit would send it with holes. */
final class JGitPusher implements SourcePusher {

    private final String machine;
    private final RemoteRunner runner;
    private final Duration limit;

    JGitPusher(String machine, RemoteRunner runner, Duration limit) {
        this.machine = machine;
        this.runner = runner;
        this.limit = limit;
    }

    @Override
    public Pushed push(RemoteShell shell, String command, SourcePush push, String lastRef) {
        long start = System.nanoTime();
        try (Repository repository = new FileRepositoryBuilder()
                .setGitDir(push.gitDir().toFile())
                .setMustExist(true)
                .build()) {
            if (Files.exists(push.gitDir().resolve("shallow"))) {
                throw new MachineException(
                        machine,
                        "the repository " + push.gitDir() + " is shallow, which JGit can't push: set "
                                + "buildboss.ssh.push-with = git, or run git fetch --unshallow",
                        null);
            }
            // Not written to the user's file: hooks are for the user's own pushes.
            repository.getConfig().setString("core", null, "hooksPath", "/dev/null");
            List<RemoteRefUpdate> updates = new ArrayList<>();
            String last = push.commits().get(push.commits().size() - 1);
            updates.add(update(repository, last, lastRef));
            List<String> extras = new ArrayList<>();
            for (String hash : unreached(repository, push.commits(), last)) {
                extras.add(EXTRA_REFS + hash);
                updates.add(update(repository, hash, EXTRA_REFS + hash));
            }
            transfer(repository, shell, command, updates);
            return new Pushed(new PushReport(updates.size(), (System.nanoTime() - start) / 1_000_000L), extras);
        } catch (MissingObjectException e) {
            throw new MachineException(machine, "a commit isn't in " + push.gitDir() + ": " + e.getMessage(), e);
        } catch (IOException | URISyntaxException e) {
            throw new MachineException(machine, "push failed: " + e.getMessage(), e);
        }
    }

    private static RemoteRefUpdate update(Repository repository, String hash, String ref) throws IOException {
        return new RemoteRefUpdate(repository, null, ObjectId.fromString(hash), ref, true, null, null);
    }

    private static List<String> unreached(Repository repository, List<String> commits, String last) throws IOException {
        Set<String> wanted = new HashSet<>(commits);
        List<String> result = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.setRetainBody(false);
            for (String hash : commits) {
                walk.markStart(walk.parseCommit(ObjectId.fromString(hash)));
            }
            walk.markUninteresting(walk.parseCommit(ObjectId.fromString(last)));
            for (RevCommit commit : walk) {
                if (wanted.contains(commit.name())) {
                    result.add(commit.name());
                }
            }
        }
        return result;
    }

    private void transfer(Repository repository, RemoteShell shell, String command, List<RemoteRefUpdate> updates)
            throws IOException, URISyntaxException {
        try (Transport transport = Transport.open(repository, new URIish("ssh://" + machine + "/."));
                ShellSessionFactory sessions = new ShellSessionFactory(shell, runner, limit)) {
            if (!(transport instanceof SshTransport ssh)) {
                throw new IOException("JGit has no ssh transport");
            }
            ssh.setSshSessionFactory(sessions);
            // JGit adds the path as one word more, which the shell takes for its name.
            transport.setOptionReceivePack("exec sh -c " + ShellQuote.quote(command));
            transport.setPushThin(true);
            transport.setTimeout(Math.toIntExact(Math.min(limit.toSeconds(), TimeUnit.DAYS.toSeconds(1))));
            PushResult result = transport.push(NullProgressMonitor.INSTANCE, updates);
            for (RemoteRefUpdate update : result.getRemoteUpdates()) {
                boolean fine = update.getStatus() == RemoteRefUpdate.Status.OK
                        || update.getStatus() == RemoteRefUpdate.Status.UP_TO_DATE;
                if (!fine) {
                    throw new IOException(update.getRemoteName() + ": " + update.getStatus() + " "
                            + AnswerReader.plain(String.valueOf(update.getMessage()) + " " + result.getMessages()));
                }
            }
        }
    }
}
