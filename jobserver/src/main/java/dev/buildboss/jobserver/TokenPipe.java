package dev.buildboss.jobserver;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * A named pipe of one-byte tokens in a private directory.
 *
 * <p>It is opened for reading and writing, so that neither the open nor a read ever sees "no writer". Reads block (other
 * clients rely on the pipe being a blocking one) and the JVM can't interrupt them: {@link JobServer} keeps them on a thread of
 * its own.
 */
final class TokenPipe implements AutoCloseable {

    private static final long MKFIFO_SECONDS = 10;

    private final Path directory;
    private final Path path;
    private final RandomAccessFile pipe;
    private final FileInputStream counter;

    private TokenPipe(Path directory, Path path, RandomAccessFile pipe) throws IOException {
        this.directory = directory;
        this.path = path;
        this.pipe = pipe;
        this.counter = new FileInputStream(pipe.getFD());
    }

    static TokenPipe create(Path parent) throws IOException {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            throw new IOException("no named pipes on this system");
        }
        Path directory = Files.createTempDirectory(
                parent,
                "jobserver-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path path = directory.resolve("tokens");
        try {
            mkfifo(path);
            return new TokenPipe(directory, path, new RandomAccessFile(path.toFile(), "rw"));
        } catch (IOException e) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(directory);
            throw e;
        }
    }

    private static void mkfifo(Path path) throws IOException {
        Process process = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(MKFIFO_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("mkfifo " + path + ": no answer");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("mkfifo " + path + ": interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException("mkfifo " + path + ": exit " + process.exitValue());
        }
    }

    Path path() {
        return path;
    }

    /** Takes a token, waiting for one as long as it takes. */
    int read() throws IOException {
        int token = pipe.read();
        if (token < 0) {
            throw new IOException("end of file on " + path);
        }
        return token;
    }

    void write(int token) throws IOException {
        pipe.write(token);
    }

    /** Tokens that are in the pipe at this moment. */
    int available() throws IOException {
        return counter.available();
    }

    @Override
    public void close() throws IOException {
        pipe.close();
        Files.deleteIfExists(path);
        Files.deleteIfExists(directory);
    }
}
