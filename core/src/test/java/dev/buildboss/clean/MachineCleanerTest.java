package dev.buildboss.clean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Machine;
import dev.buildboss.process.ProcessTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script itself, in directories of the test. */
@Tag("process")
class MachineCleanerTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private final ProcessTransport transport = ProcessTransport.local();
    private final Machine machine = new Machine("m1", "m1", 0, "~/w", Optional.empty(), List.of());

    @AfterEach
    void close() {
        transport.close();
    }

    private MachineCleaner cleaner() {
        return new MachineCleaner(
                machine,
                transport.link(Machine.local()),
                dir.resolve("cache").toString(),
                dir.resolve("work").toString(),
                LIMIT);
    }

    private List<Left> look() {
        return cleaner().look().toCompletableFuture().join();
    }

    private MachineCleaner.Removal remove(List<Left> things, boolean all) {
        return cleaner()
                .remove(things, all, ThisProcess.owner(Instant.EPOCH))
                .toCompletableFuture()
                .join();
    }

    private Path cached(String digit, String marker) throws IOException {
        Path place = Files.createDirectories(dir.resolve("cache").resolve(digit.repeat(32)));
        Files.writeString(place.resolve(".buildboss"), marker + "\n");
        Files.write(place.resolve("content"), new byte[100_000]);
        return place;
    }

    private Path workDir() throws IOException {
        Path work = dir.resolve("work");
        Path tree = Files.createDirectories(work.resolve(".bm-work/00"));
        Files.writeString(tree.resolve(".git"), "gitdir: nowhere\n");
        Files.createDirectories(work.resolve(".bm-work/logs"));
        Files.createDirectories(work.resolve(".bm-work/mine"));
        Files.createDirectories(work.resolve(".git"));
        Files.writeString(work.resolve(".bm-work/worker.lock"), "");
        return work;
    }

    @Test
    void tellsWhatIsOursAndHowLongNobodyUsedIt() throws IOException {
        Path runtime = cached("a", "runtime");
        Files.setLastModifiedTime(runtime, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        Files.createDirectories(dir.resolve("cache").resolve("b".repeat(32)));
        Files.createDirectories(dir.resolve("cache/photos"));
        Files.createSymbolicLink(dir.resolve("cache").resolve("c".repeat(32)), runtime);
        Path work = workDir();

        assertThat(look())
                .extracting(Left::kind, Left::path)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("runtime", runtime.toString()),
                        org.assertj.core.groups.Tuple.tuple("worktree", work.toRealPath() + "/.bm-work/00"),
                        org.assertj.core.groups.Tuple.tuple("logs", work.toRealPath() + "/.bm-work/logs"));
        assertThat(look().get(0).unused()).isBetween(Duration.ofDays(3), Duration.ofDays(4));
        assertThat(look().get(0).bytes()).isBetween(100_000L, 200_000L);
    }

    @Test
    void removesOnlyWhatBearsTheMarkWhateverItIsTold() throws IOException {
        Path ours = cached("a", "worker");
        Path photos = Files.createDirectories(dir.resolve("cache/photos"));
        Path unmarked = Files.createDirectories(dir.resolve("cache").resolve("b".repeat(32)));
        Path outside = Files.createDirectories(dir.resolve("a".repeat(32)));
        Files.writeString(outside.resolve(".buildboss"), "worker\n");
        Path work = workDir();
        List<Left> asked = List.of(
                left("worker", ours),
                left("worker", photos),
                left("worker", unmarked),
                left("worker", outside),
                left("worktree", work.resolve(".bm-work/mine")),
                left("repository", work.resolve(".git")));

        MachineCleaner.Removal done = remove(asked, true);

        assertThat(done.removed()).extracting(Left::path).containsExactly(ours.toString());
        assertThat(done.removed().get(0).bytes()).isGreaterThan(100_000);
        assertThat(done.kept()).hasSize(5);
        assertThat(ours).doesNotExist();
        assertThat(List.of(photos, unmarked, outside, work.resolve(".bm-work/mine"), work.resolve(".git")))
                .allMatch(Files::exists);
    }

    private static Left left(String kind, Path path) {
        return new Left(kind, 0, Duration.ZERO, false, path.toString());
    }

    @Test
    void removesAWorkDirectoryThatWasMadeHere() throws IOException {
        Path work = workDir();
        Files.delete(work.resolve(".bm-work/mine"));
        Files.writeString(work.resolve(".git/buildboss-made"), "");

        assertThat(remove(look(), false).kept()).singleElement().asString().endsWith("/.git");
        assertThat(work.resolve(".git")).exists();
        assertThat(work.resolve(".bm-work/00")).doesNotExist();

        assertThat(remove(look(), true).kept()).isEmpty();
        assertThat(work).doesNotExist();
    }

    @Test
    void leavesAWorkDirectoryThatAnotherBossHas() throws Exception {
        Path work = workDir();
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            String ticks = Files.readString(Path.of("/proc/" + other.pid() + "/stat"))
                    .replaceAll(".*\\) ", "")
                    .split(" ", -1)[19];
            Files.writeString(work.resolve(".lock"), "12\n");
            Files.writeString(
                    work.resolve(".lock.buildboss"), "12 " + other.pid() + " " + ticks + " you@there process 7\n");

            MachineCleaner.Removal refused = remove(look(), true);
            assertThat(refused.busy()).contains("you@there process 7");
            assertThat(refused.removed()).isEmpty();
            assertThat(work.resolve(".bm-work/00")).exists();
        } finally {
            other.destroyForcibly().waitFor();
        }

        // Its process is gone, and so is the lock.
        assertThat(remove(look(), true).removed()).hasSize(2);
        assertThat(work.resolve(".lock")).doesNotExist();

        Files.writeString(work.resolve(".lock"), "12\n");
        Files.createDirectories(work.resolve(".bm-work/logs"));
        assertThat(remove(look(), true).busy()).contains("another boss has the work directory");
        assertThat(work.resolve(".lock")).exists();
    }

    @Test
    void keepsWhatAProcessUses() throws Exception {
        Path bundle = cached("a", "worker");
        Process user = new ProcessBuilder("sh", "-c", "sleep 600; :", bundle + "/buildboss-worker.jar").start();
        try {
            assertThat(look()).singleElement().matches(Left::inUse);
            assertThat(remove(List.of(left("worker", bundle)), true).kept()).containsExactly(bundle.toString());
            assertThat(bundle).exists();
        } finally {
            user.descendants().forEach(ProcessHandle::destroyForcibly);
            user.destroyForcibly().waitFor();
        }
        assertThat(look()).singleElement().matches(left -> !left.inUse());
    }
}
