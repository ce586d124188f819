package dev.buildboss.results;

import dev.buildboss.BuildbossException;
import dev.buildboss.lock.LockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * The lock of an output directory: held by the process, so that it goes with it however it ends. The file names the owner, for
 * the message that the next one gets.
 */
final class OutputLock implements AutoCloseable {

    private final LockFile lock;

    private OutputLock(LockFile lock) {
        this.lock = lock;
    }

    /**
     * Takes the lock.
     *
     * @throws BuildbossException naming the owner, if another boss has it
     */
    static OutputLock take(Path outputDir) throws IOException {
        LockFile.Attempt attempt =
                LockFile.take(file(outputDir), Clock.systemUTC().instant(), Optional.empty());
        if (attempt instanceof LockFile.Taken taken) {
            return new OutputLock(taken.lock());
        }
        throw new BuildbossException("output directory " + outputDir + " is in use by "
                + ((LockFile.InUse) attempt).by() + "; wait for it, or choose another with -o");
    }

    /** Who seems to have it. */
    static Optional<String> seemsHeldBy(Path outputDir) {
        return LockFile.seemsHeldBy(file(outputDir));
    }

    private static Path file(Path outputDir) {
        return outputDir.resolve(ResultLayout.WORK_DIR).resolve("lock");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
