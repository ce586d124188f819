package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildbossException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A work directory that this worker holds: nobody else builds there until it is closed or this JVM is gone.
 *
 * <p>The lock is a file lock on {@code .bm-work/worker.lock}; the kernel drops it with the process, so it can't be stale.
 */
final class WorkDir implements AutoCloseable {
    /** The directory of the worktrees, below the work directory. */
    static final String WORKTREES = ".bm-work";

    private static final int MAX_OWNER = 200;

    private final Path directory;
    private final Path gitDir;
    private final FileChannel channel;

    private WorkDir(Path directory, Path gitDir, FileChannel channel) {
        this.directory = directory;
        this.gitDir = gitDir;
        this.channel = channel;
    }

    /**
     * Takes a work directory.
     *
     * @param directory the directory
     * @param gitDir the repository that worktrees are added to
     * @throws BuildbossException in one line, if somebody else has it or it can't be written
     */
    static WorkDir take(Path directory, Path gitDir) {
        Path lockFile = directory.resolve(WORKTREES).resolve("worker.lock");
        FileChannel channel;
        try {
            Files.createDirectories(requireNonNull(lockFile.getParent()));
            channel = FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new BuildbossException("cannot write to the work directory " + directory + ": " + e, e);
        }
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new BuildbossException("work directory " + directory + " is in use by " + owner(lockFile));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(self().getBytes(UTF_8)));
            return new WorkDir(directory, gitDir, channel);
        } catch (IOException | BuildbossException e) {
            closeQuietly(channel);
            throw e instanceof BuildbossException known
                    ? known
                    : new BuildbossException("cannot lock the work directory " + directory + ": " + e, e);
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another worker in this JVM
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

    Path directory() {
        return directory;
    }

    Path gitDir() {
        return gitDir;
    }

    private static String owner(Path lockFile) {
        try {
            String text = Files.readString(lockFile, UTF_8).strip();
            String plain = text.replaceAll("\\p{Cntrl}", " ");
            return plain.isEmpty() ? "another worker" : plain.substring(0, Math.min(MAX_OWNER, plain.length()));
        } catch (IOException e) {
            return "another worker";
        }
    }

    private static String self() {
        String host = System.getenv("HOSTNAME");
        if (host == null || host.isEmpty()) {
            try {
                host = Files.readString(Path.of("/proc/sys/kernel/hostname"), UTF_8)
                        .strip();
            } catch (IOException e) {
                host = "this host";
            }
        }
        return "worker " + ProcessHandle.current().pid() + " of " + System.getProperty("user.name") + " on " + host
                + "\n";
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the channel in any case.
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
