package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirTest {

    private static final String BOSS = "simon@laptop process 7 since 2026-01-31T08:00:00Z";

    @TempDir
    Path directory;

    private WorkDir take(Duration renewEach) {
        return WorkDir.take(directory, directory.resolve(".git"), Optional.of(BOSS), renewEach);
    }

    private WorkDir take() {
        return take(Duration.ofSeconds(30));
    }

    private String mine() {
        return ProcessHandle.current().pid() + " " + ThisProcess.startTicks();
    }

    private void existingLock(String stamp, String owner) throws IOException {
        Files.writeString(directory.resolve(".lock"), stamp + "\n");
        Files.writeString(directory.resolve(".lock.buildboss"), owner + "\n");
    }

    @Test
    void tellsASecondWorkerThatItIsBusyAndByWhom() {
        WorkDir first = take();
        assertThatThrownBy(this::take)
                .isInstanceOf(BuildbossException.class)
                .hasMessage("BUSY: work directory " + directory + " is in use by " + BOSS);
        first.close();
        take().close();
    }

    @Test
    void removesTheLockThatExistingBossesKnowIfItIsItsOwn() throws IOException {
        existingLock("1700000000", "1700000000 " + mine() + " who");
        take().close();
        assertThat(directory).isDirectoryNotContaining("glob:**/.lock*");
    }

    @Test
    void leavesTheLockOfAnotherBossAlone() throws IOException {
        Files.writeString(directory.resolve(".lock"), "1700000000.25");
        take().close();
        assertThat(directory.resolve(".lock")).hasContent("1700000000.25");

        existingLock("1700000001", "1700000001 4194303 12345 who");
        take().close();
        assertThat(directory.resolve(".lock")).hasContent("1700000001");
        assertThat(directory.resolve(".lock.buildboss")).exists();
    }

    @Test
    void removesTemporaryDirectoriesOfKilledWorkersOnly() throws IOException {
        Path abandoned = Files.createDirectories(directory.resolve("buildboss-worker-1/.bm-work"));
        Files.writeString(abandoned.resolve("worker.lock"), "owner somebody that was killed\n");
        Path justMade = Files.createDirectories(directory.resolve("buildboss-worker-2"));
        Path inUse = directory.resolve("buildboss-worker-3");
        WorkDir held = WorkDir.take(inUse, inUse.resolve(".git"), Optional.empty(), Duration.ofSeconds(30));

        Path made = TemporaryDirs.make(directory);

        assertThat(abandoned.getParent()).doesNotExist();
        assertThat(justMade).exists();
        assertThat(inUse.resolve(".bm-work/worker.lock")).exists();
        assertThat(made).isEmptyDirectory();
        held.close();
    }

    @Test
    void keepsItsLocksFresh() throws IOException {
        existingLock("1700000000", "1700000000 " + mine() + " a b");
        StampedLock lock = StampedLock.ofThisProcess(directory).orElseThrow();

        lock.refresh(Instant.ofEpochSecond(1_800_000_000));

        assertThat(directory.resolve(".lock")).hasContent("1800000000");
        assertThat(directory.resolve(".lock.buildboss")).hasContent("1800000000 " + mine() + " a b");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void renewsTheTimeOfTheLockWhileItIsHeld() throws Exception {
        WorkDir held = take(Duration.ofMillis(5));
        Path file = directory.resolve(".bm-work/worker.lock");
        FileTime old = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(file, old);
        Waits.until("another time", () -> !Files.getLastModifiedTime(file).equals(old));
        held.close();
        assertThat(file).isEmptyFile();
    }
}
