package dev.buildboss.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Owner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that one process at a time has a lock on, and that names this process.
 *
 * <p>The lock is the kernel's ({@code fcntl}): it goes with the process however that ends, so a file that is left behind blocks
 * nobody, whatever it says. The text has lines {@code key value}: {@code owner} ({@link Owner#text}), {@code pid},
 * {@code started} (ticks since boot) and {@code parent} of the holder, and {@code boss}, whom it works for.
 */
public final class LockFile implements AutoCloseable {

    private static final int MAX_TEXT_BYTES = 2048;

    /**
     * What this JVM holds, by the file's real place. The kernel's lock is of no help inside of one process, and worse: closing
     * <em>any</em> descriptor of the file gives it up. So a file that is held here is not even opened.
     */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path place;
    private final FileChannel channel;
    private final String text;

    private LockFile(Path place, FileChannel channel, String text) {
        this.text = text;
        this.place = place;
        this.channel = channel;
    }

    /** What became of an attempt. */
    public sealed interface Attempt {}

    /** The lock is ours. */
    public record Taken(LockFile lock) implements Attempt {}

    /** Somebody else has it; {@code by} tells who, on one line without control characters. */
    public record InUse(String by) implements Attempt {}

    /**
     * Tries to take the lock; makes the file and its directories.
     *
     * @param since written as the time since which this process has it
     * @param boss for whom, if it is not for this process itself
     * @throws IOException if the file can't be written, or its file system has no locks
     */
    public static Attempt take(Path file, Instant since, Optional<String> boss) throws IOException {
        Path parent = requireNonNull(file.toAbsolutePath().getParent());
        Files.createDirectories(parent);
        Path place = parent.toRealPath().resolve(file.getFileName());
        String text = text(since, boss);
        String held = HELD.putIfAbsent(place, text);
        if (held != null) {
            return new InUse(holder(held));
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(
                    place, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                return new InUse(holder(read(channel)));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), 0);
            taken = true;
            return new Taken(new LockFile(place, channel, text));
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                HELD.remove(place);
            }
        }
    }

    /**
     * Who seems to hold a lock, without touching it; empty if nobody does, as far as can be seen from here.
     *
     * <p>It goes by what the file says and by whether that process lives: good enough to tell a person, not to write anything.
     */
    public static Optional<String> seemsHeldBy(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) == 0 || Files.size(file) > MAX_TEXT_BYTES) {
                return Optional.empty();
            }
            Path parent = requireNonNull(file.toAbsolutePath().getParent());
            String held = HELD.get(parent.toRealPath().resolve(file.getFileName()));
            String text = held != null ? held : Files.readString(file);
            boolean lives = value(text, "pid")
                    .filter(pid -> pid.matches("[0-9]{1,18}"))
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                    .isPresent();
            return lives ? Optional.of(holder(text)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // under another name, by this very process
        }
    }

    private static String text(Instant since, Optional<String> boss) {
        return "owner " + ThisProcess.owner(since).text()
                + "\npid " + ProcessHandle.current().pid()
                + "\nstarted " + ThisProcess.startTicks()
                + "\nparent " + ThisProcess.parent()
                + boss.map(who -> "\nboss " + plain(who)).orElse("")
                + "\n";
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_TEXT_BYTES);
        channel.read(buffer, 0);
        return UTF_8.decode(buffer.flip()).toString();
    }

    /** Who holds a lock with that text: the boss where one is named, as that is whom a person can ask. */
    private static String holder(String text) {
        Optional<String> boss = value(text, "boss");
        Optional<String> owner = value(text, "owner");
        String first = text.lines().findFirst().map(LockFile::plain).orElse("");
        return boss.or(() -> owner).orElse(first.isBlank() ? "another process" : first);
    }

    private static Optional<String> value(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> plain(line.substring(key.length() + 1)))
                .findFirst();
    }

    private static String plain(String text) {
        String plain = text.replaceAll("[^\\p{Graph}]+", " ").strip();
        return plain.substring(0, Math.min(200, plain.length()));
    }

    /** Shows that the holder lives: the file gets a new time. (Setting it by name would open the file, and give up the lock.) */
    public synchronized void refresh() throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), 0);
    }

    /** Gives it up; what the file says goes too. */
    @Override
    public synchronized void close() throws IOException {
        try (channel) {
            if (channel.isOpen()) {
                channel.truncate(0);
            }
        } finally {
            HELD.remove(place);
        }
    }
}
