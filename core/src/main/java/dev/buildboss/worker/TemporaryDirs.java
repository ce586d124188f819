package dev.buildboss.worker;

import dev.buildboss.files.FileTrees;
import dev.buildboss.lock.LockFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work directories for bosses that name none: made where temporary files go, and removed with their worker. */
final class TemporaryDirs {
    private static final Logger LOG = LoggerFactory.getLogger(TemporaryDirs.class);
    private static final String PREFIX = "buildboss-worker-";

    private TemporaryDirs() {}

    /** Makes one in that directory, and removes those of this user whose worker was killed: their lock is free. */
    static Path make(Path parent) throws IOException {
        Path made = Files.createTempDirectory(parent, PREFIX).toRealPath();
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : others) {
                removeIfAbandoned(other, Files.getAttribute(made, "unix:uid"));
            }
        } catch (IOException e) {
            LOG.debug("what killed workers left in {} stays", parent, e);
        }
        return made;
    }

    /** One without a lock file is just being made. */
    private static void removeIfAbandoned(Path directory, Object user) throws IOException {
        Path file = directory.resolve(WorkDir.WORKTREES).resolve(WorkDir.LOCK);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !user.equals(Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (LockFile.take(file, Clock.systemUTC().instant(), Optional.empty()) instanceof LockFile.Taken taken) {
            try {
                FileTrees.delete(directory);
            } finally {
                taken.lock().close();
            }
        }
    }
}
