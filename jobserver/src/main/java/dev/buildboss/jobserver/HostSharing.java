package dev.buildboss.jobserver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pool that several programs of this host share: whoever may have tokens out holds a shared lock on a file, and who gets that
 * lock for itself alone may count. The locks go with their processes, so one that was killed keeps nobody from counting; but
 * what it had started may live on, with tokens and with the pipe open, and must end first.
 */
final class HostSharing implements Sharing {

    /** The system's locks are those of a process: opened twice in one, the second would open the first's. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    /*
     * Who waits must count, as it may be that all do and what they wait for is lost. But none can while another of them may take a token:
     * so all of them take none at the same time, when a second of the host's clock begins.
     */
    private static final long SECOND_MS = 1000;
    private static final long TOGETHER_MS = 100;

    private final Path file;
    private final FileChannel channel;
    private final Consumer<String> say;
    private @Nullable FileLock busy;
    private final AtomicBoolean ringing = new AtomicBoolean();
    private long leftover;
    private long told;

    /**
     * Opens the lock's file, or makes it; once in a JVM, and before the pipe is opened: who has the pipe open and not this file
     * is a client.
     *
     * @param say told, in one line, who keeps tokens from being put back
     */
    HostSharing(Path file, Consumer<String> say) throws IOException {
        this.say = say;
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
    public boolean losesTokens() {
        return true;
    }

    @Override
    public void ringToCount(Runnable ring) {
        if (ringing.compareAndSet(false, true)) {
            long left = SECOND_MS - System.currentTimeMillis() % SECOND_MS;
            CompletableFuture.delayedExecutor(left, TimeUnit.MILLISECONDS).execute(() -> {
                ringing.set(false);
                ring.run();
            });
        }
    }

    @Override
    public boolean isTimeToCount() {
        return System.currentTimeMillis() % SECOND_MS < TOGETHER_MS;
    }

    @Override
    public boolean hasLeftovers(TokenPipe pipe, int missing) throws IOException {
        Optional<PipeUsers.User> user = PipeUsers.find(pipe.path(), file);
        long process = user.map(PipeUsers.User::process).orElse(0L);
        // Said when it is found again: a program that is just being started has its parent's files open for a moment.
        if (process != 0 && process == leftover && process != told && missing > 0) {
            told = process;
            say.accept("the job pool " + file.getParent() + " lacks " + missing + " slots; they are not put back while "
                    + user.get().name() + " (process " + process
                    + "), which outlived the program that started it, may have them");
        }
        leftover = process;
        return process != 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        OPEN.remove(file);
    }
}
