package dev.buildboss.jobserver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A pool that several programs of this host share: whoever may have tokens out holds a shared lock on a file, and who gets that
 * lock for itself alone may count. The locks go with their processes, so one that was killed keeps nobody from counting.
 */
final class HostSharing implements Sharing {

    /** The system's locks are those of a process: opened twice in one, the second would open the first's. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private @Nullable FileLock busy;

    /** Opens the lock's file, or makes it; once in a JVM. */
    HostSharing(Path file) throws IOException {
        this.file = file.toAbsolutePath().normalize();
        if (!OPEN.add(this.file)) {
            throw new IOException(file + " is open in this program already");
        }
        try {
            this.channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        } catch (IOException e) {
            OPEN.remove(this.file);
            throw e;
        }
    }

    @Override
    public void enter() throws IOException {
        busy = channel.lock(0, 1, true); // waits for somebody's counting at most
    }

    @Override
    public void leave() throws IOException {
        FileLock held = busy;
        busy = null;
        if (held != null) {
            held.release();
        }
    }

    @Override
    public boolean alone(Counting counting) throws IOException {
        try (FileLock sole = channel.tryLock(0, 1, false)) {
            if (sole == null) {
                return false;
            }
            counting.count();
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        OPEN.remove(file);
    }
}
