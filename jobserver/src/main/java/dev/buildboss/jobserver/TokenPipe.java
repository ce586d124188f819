package dev.buildboss.jobserver;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A pipe of one-byte tokens: one of our own in a private directory, or somebody else's.
 *
 * <p>It is opened for reading and writing, so that neither the open nor a read ever sees "no writer". Reads block (other
 * clients rely on the pipe being a blocking one): a {@link TokenReader} does them.
 */
final class TokenPipe implements AutoCloseable {

    /** The byte that stands for a token of ours; others' may be other bytes. */
    static final int TOKEN = '+';

    /** A disk that is busy with other things can take a while. */
    private static final long MKFIFO_SECONDS = 60;

    private static final int FILE_KIND = 0170000;
    private static final int FIFO = 0010000;

    private final Optional<Path> ownDirectory;
    private final Path path;
    private final RandomAccessFile pipe;
    private final FileInputStream counter;

    private TokenPipe(Optional<Path> ownDirectory, Path path, RandomAccessFile pipe) throws IOException {
        this.ownDirectory = ownDirectory;
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
            return new TokenPipe(Optional.of(directory), path, new RandomAccessFile(path.toFile(), "rw"));
        } catch (IOException e) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(directory);
            throw e;
        }
    }

    /** Opens a pipe that stays when it is closed, or makes it first. Two that make it at once are of no harm. */
    static TokenPipe openOrCreate(Path path) throws IOException {
        if (!Files.exists(path)) {
            try {
                mkfifo(path);
            } catch (IOException e) {
                if (!Files.exists(path)) {
                    throw e;
                }
            }
        }
        return open(path);
    }

    /** Opens somebody else's pipe. */
    static TokenPipe open(Path path) throws IOException {
        if (!isFifo(path)) {
            throw new IOException(path + " is no pipe");
        }
        return new TokenPipe(Optional.empty(), path, new RandomAccessFile(path.toFile(), "rw"));
    }

    /**
     * Opens the pipe of two inherited descriptors, for itself: what is done to the new one (O_NONBLOCK) does not reach the
     * parent's.
     */
    static TokenPipe open(JobserverAuth.Descriptors auth) throws IOException {
        return open(path(auth));
    }

    /**
     * A path for the pipe of two inherited descriptors, good for other processes too, as long as this one lives.
     *
     * <p>This JVM has descriptors of its own, and a parent that hands none on says their numbers all the same: so they must be the
     * two ends of one pipe.
     *
     * @throws IOException if they are not
     */
    static Path path(JobserverAuth.Descriptors auth) throws IOException {
        Path own = Path.of("/proc", Long.toString(ProcessHandle.current().pid()));
        Path read = own.resolve("fd/" + auth.read());
        Path write = own.resolve("fd/" + auth.write());
        try {
            boolean standard = auth.read() <= 2 || auth.write() <= 2;
            boolean onePipe = !standard
                    && isFifo(read)
                    && isFifo(write)
                    && Files.getAttribute(read, "unix:ino").equals(Files.getAttribute(write, "unix:ino"))
                    && mayRead(own, auth.read())
                    && mayWrite(own, auth.write());
            if (onePipe) {
                return read;
            }
        } catch (NoSuchFileException e) {
            throw new IOException("the descriptors " + auth.value() + " are not open", e);
        }
        throw new IOException("the descriptors " + auth.value() + " are no job pool");
    }

    private static boolean isFifo(Path path) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode") & FILE_KIND) == FIFO;
    }

    private static boolean mayRead(Path process, int descriptor) throws IOException {
        return accessMode(process, descriptor) != 1;
    }

    private static boolean mayWrite(Path process, int descriptor) throws IOException {
        return accessMode(process, descriptor) != 0;
    }

    /** 0: read, 1: write, 2: both. */
    private static int accessMode(Path process, int descriptor) throws IOException {
        for (String line : Files.readAllLines(process.resolve("fdinfo/" + descriptor))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8) & 3;
            }
        }
        throw new IOException("no flags of descriptor " + descriptor);
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

    void write(int token) throws IOException {
        pipe.write(token);
    }

    /** Tokens that are in the pipe at this moment. */
    int available() throws IOException {
        return counter.available();
    }

    /** Puts tokens in or takes some out until there are that many; for who knows that nobody else does either. */
    void fill(int tokens) throws IOException {
        for (int i = available(); i < tokens; i++) {
            write(TOKEN);
        }
        for (int i = available(); i > tokens; i--) {
            pipe.read();
        }
    }

    @Override
    public void close() throws IOException {
        pipe.close();
        if (ownDirectory.isPresent()) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(ownDirectory.get());
        }
    }
}
