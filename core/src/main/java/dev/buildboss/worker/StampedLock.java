package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.lock.ThisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The work directory's lock as existing bosses know it: {@code .lock}, which holds epoch seconds. The script that starts this
 * worker takes it for this very process, and says so in {@code .lock.buildboss} beside it; here it is kept fresh and removed.
 *
 * <p>A lock that is not ours, or not ours any more, is never touched.
 */
final class StampedLock {

    private static final String LOCK = ".lock";
    private static final String OWNER = ".lock.buildboss";
    private static final int MAX_BYTES = 1024;

    private final Path directory;

    private StampedLock(Path directory) {
        this.directory = directory;
    }

    /** The lock, if this process was started under it. */
    static Optional<StampedLock> ofThisProcess(Path directory) {
        StampedLock lock = new StampedLock(directory);
        return lock.isOurs() ? Optional.of(lock) : Optional.empty();
    }

    /** The words of the owner's file: the stamp, the process, when it started, and then who it is. */
    private List<String> words() {
        return List.of(text(OWNER).split(" ", 4));
    }

    private String text(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.size(file) > MAX_BYTES
                    ? ""
                    : Files.readString(file, UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private boolean isOurs() {
        List<String> words = words();
        return words.size() >= 3
                && words.get(0).equals(text(LOCK))
                && words.get(1).equals(String.valueOf(ProcessHandle.current().pid()))
                && words.get(2).equals(String.valueOf(ThisProcess.startTicks()));
    }

    /** Writes the time anew; each file is whole at any moment. */
    void refresh(Instant now) throws IOException {
        List<String> words = words();
        if (isOurs()) {
            replace(LOCK, now.getEpochSecond() + "\n");
            replace(OWNER, now.getEpochSecond() + " " + String.join(" ", words.subList(1, words.size())) + "\n");
        }
    }

    private void replace(String name, String text) throws IOException {
        Path aside = directory.resolve(name + "." + ProcessHandle.current().pid());
        Files.writeString(aside, text, UTF_8);
        Files.move(aside, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes it. */
    void release() throws IOException {
        if (isOurs()) {
            Files.deleteIfExists(directory.resolve(LOCK));
            Files.deleteIfExists(directory.resolve(OWNER));
        }
    }
}
