package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildbossException;
import dev.buildboss.lock.LockFile;
import dev.buildboss.protocol.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A work directory that this worker holds: nobody else builds there until it is closed or this JVM is gone.
 *
 * <p>The lock is a file lock on {@code .bm-work/worker.lock}, which names the worker and its boss; the kernel drops it with the
 * process, so it can't be stale. The file's time is renewed while the worker lives, for those who can only look
 * ({@code boss workers}). The lock that existing bosses know is kept fresh with it.
 */
final class WorkDir implements AutoCloseable {
    /** The directory of the worktrees, below the work directory. */
    static final String WORKTREES = ".bm-work";

    private static final String LOGS = "logs";

    private static final String JOBS = "jobs";

    /** The name of the lock, in there. */
    static final String LOCK = "worker.lock";

    private static final Logger LOG = LoggerFactory.getLogger(WorkDir.class);

    private final Path directory;
    private final Path gitDir;
    private final LockFile lock;
    private final Optional<StampedLock> stamped;
    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService renewal;

    private WorkDir(Path directory, Path gitDir, LockFile lock, Duration renewEach) {
        this.directory = directory;
        this.gitDir = gitDir;
        this.lock = lock;
        this.stamped = StampedLock.ofThisProcess(directory);
        this.renewal = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "worker-lock");
            thread.setDaemon(true);
            return thread;
        });
        var unused = renewal.scheduleWithFixedDelay(
                this::renew, renewEach.toMillis(), renewEach.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Takes a work directory.
     *
     * @param directory the directory
     * @param gitDir the repository that worktrees are added to
     * @param boss whom the lock is to name; empty: this worker alone
     * @param renewEach how often the lock is renewed
     * @throws BuildbossException in one line, if somebody else has it or it can't be written
     */
    static WorkDir take(Path directory, Path gitDir, Optional<String> boss, Duration renewEach) {
        Path file = directory.resolve(WORKTREES).resolve(LOCK);
        LockFile.Attempt attempt;
        try {
            attempt = LockFile.take(file, Clock.systemUTC().instant(), boss);
        } catch (IOException e) {
            throw new BuildbossException("cannot lock the work directory " + directory + ": " + e, e);
        }
        if (attempt instanceof LockFile.Taken taken) {
            return new WorkDir(directory, gitDir, taken.lock(), renewEach);
        }
        throw new BuildbossException(
                Response.Refusal.busy("work directory " + directory, ((LockFile.InUse) attempt).by()));
    }

    private void renew() {
        try {
            lock.refresh();
            if (stamped.isPresent()) {
                stamped.get().refresh(clock.instant());
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the lock of {} can't be renewed", directory, e); // the disk may be full: the lock itself holds
        }
    }

    /**
     * The repository of a directory: its {@code .git}, or the one that a {@code .git} file leads to.
     *
     * @return empty, if there is none
     */
    static Optional<Path> repositoryOf(Path directory) {
        Path dotGit = directory.resolve(".git");
        if (Files.isDirectory(dotGit)) {
            return isRepository(dotGit) ? Optional.of(dotGit) : Optional.empty();
        }
        return GitFile.target(dotGit).flatMap(gitDir -> {
            try {
                Path common = gitDir.resolve("commondir");
                Path real = Files.exists(common)
                        ? gitDir.resolve(Files.readString(common, UTF_8).strip())
                        : gitDir;
                return isRepository(real) ? Optional.of(real.toRealPath()) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    /** Whether this is a git directory. */
    static boolean isRepository(Path gitDir) {
        return Files.isDirectory(gitDir.resolve("objects")) && Files.isRegularFile(gitDir.resolve("HEAD"));
    }

    /** Where the worker's own job pool is. */
    Path jobs() {
        return directory.resolve(WORKTREES).resolve(JOBS);
    }

    /** Where {@code worker.keep-logs} keeps the output of builds. */
    Path logs() {
        return directory.resolve(WORKTREES).resolve(LOGS);
    }

    /** What a build thread measures its commands' CPU time with. */
    Path cpuTimes(int thread) {
        return directory.resolve(WORKTREES).resolve("cpu-" + thread);
    }

    Path directory() {
        return directory;
    }

    Path gitDir() {
        return gitDir;
    }

    @Override
    public void close() {
        renewal.shutdown(); // in order: interrupted in its write it would close the file, with what that says
        try {
            // So that a renewal does not write what has just been removed.
            renewal.awaitTermination(1, TimeUnit.SECONDS);
            if (stamped.isPresent()) {
                stamped.get().release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("the lock of {} can't be removed", directory, e);
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("the lock goes with the process in any case", e);
        }
    }
}
