package dev.buildboss.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildbossException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The lock of an output directory: held by the process, so that it goes with it however it ends. The file names the owner, for
 * the message that the next one gets.
 */
final class OutputLock implements AutoCloseable {

    private final FileChannel channel;

    private OutputLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws BuildbossException naming the owner, if another boss has it
     */
    static OutputLock take(Path outputDir) throws IOException {
        Path file = outputDir.resolve(ResultLayout.WORK_DIR).resolve("lock");
        Files.createDirectories(outputDir.resolve(ResultLayout.WORK_DIR));
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = tryLock(channel) != null;
            if (!taken) {
                throw new BuildbossException("output directory " + outputDir + " is in use by " + owner(channel)
                        + "; wait for it, or choose another with -o");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(me().getBytes(UTF_8)), 0);
            return new OutputLock(channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another run of this very process
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(512);
        channel.read(buffer, 0);
        String text = UTF_8.decode(buffer.flip()).toString().strip();
        return text.isEmpty() ? "another boss" : text;
    }

    private static String me() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "this host";
        }
        return "process " + ProcessHandle.current().pid() + " of " + System.getProperty("user.name", "?") + " on "
                + host + "\n";
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
