package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.files.FreeSpace;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine with many threads uses: no more of anything than boards at once, and no more boards than the disk has space for. */
@Tag("process")
class DiskNeedTest {

    private static final long MIB = 1 << 20;
    private static final int THREADS = 256;
    private static final String SYSTEM = "disk-need-test";

    @TempDir
    private Path directory;

    @Test
    void takesAllThatWasAskedForWhereThereIsSpace() {
        assertThat(DiskNeed.predict(8, 0, 4800 * MIB, 200 * MIB, 400 * MIB))
                .isEqualTo(new DiskNeed.Prediction(8, Optional.empty()));
    }

    @Test
    void takesFewerBoardsAtOnceWhereSpaceIsShortAndSaysTheNumbers() {
        DiskNeed.Prediction prediction = DiskNeed.predict(8, 0, 2000 * MIB, 200 * MIB, 400 * MIB);

        assertThat(prediction.slots()).isEqualTo(3);
        assertThat(prediction.notice())
                .contains("disk space for 3 of 8 boards at once, so 3: 2000 MiB are free, a checkout takes 200 MiB"
                        + " (0 are there), a build 400 MiB (worker.build-space)");
    }

    @Test
    void worktreesThatAreThereNeedNoCheckout() {
        assertThat(DiskNeed.predict(8, 8, 3200 * MIB, 200 * MIB, 400 * MIB).slots())
                .isEqualTo(8);
        assertThat(DiskNeed.predict(8, 2, 2000 * MIB, 200 * MIB, 400 * MIB).slots())
                .isEqualTo(4);
    }

    @Test
    void triesOneBoardEvenWhereThereIsNoSpace() {
        DiskNeed.Prediction prediction = DiskNeed.predict(8, 0, 100 * MIB, 200 * MIB, 400 * MIB);

        assertThat(prediction.slots()).isEqualTo(1);
        assertThat(prediction.notice().orElseThrow()).startsWith("disk space for 0 of 8 boards at once, so 1:");
    }

    @Test
    void aMachineWith256ThreadsMakesAsManyWorktreesAsBoardsMayBeThereAtOnce() throws Exception {
        assertThat(prepared(3, "400 MiB")).isEqualTo(3);
    }

    @Test
    void aMachineWith256ThreadsMakesOnlyTheWorktreesThatItsDiskHasSpaceFor() throws Exception {
        long third = FreeSpace.of(directory) / 3;

        assertThat(prepared(0, third + third / 5 + " B")).isEqualTo(2);
    }

    /** How many worktrees are there after {@code build_prepare}; there are as many build threads. */
    private int prepared(int maxBoards, String buildSpace) throws InterruptedException, IOException {
        String commit = new GitSandbox(directory).commit("script", "echo one\n");
        Settings settings = Settings.of(ConfigFactory.parseString("buildboss.worker.build-space = " + buildSpace));
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), SYSTEM);
        Peer boss = new Peer(
                system,
                new WorkerConfig(directory, Optional.empty(), THREADS, settings, Recipes.installed(), false, "test"));
        try {
            assertThat(boss.until(Response.Ready.class).nthreads()).isEqualTo(THREADS);
            boss.send("{\"cmd\":\"configure\",\"toolchains\":{\"sandbox\":\"gcc\"}}");
            boss.until(Response.ConfigureDone.class);
            boss.send("{\"cmd\":\"build_prepare\",\"max_boards\":" + maxBoards + ",\"commits\":[\"" + commit + "\"]}");
            List<Response> all = boss.until(Response.BuildPrepareDone.class::isInstance);
            int started = ((Response.BuildStarted) all.get(0)).numThreads();
            assertThat(all.stream().filter(Response.WorktreeCreated.class::isInstance))
                    .hasSize(started);
            try (Stream<Path> worktrees = Files.list(directory.resolve(WorkDir.WORKTREES))) {
                assertThat(worktrees.map(path -> path.getFileName().toString()).filter(name -> name.matches("[0-9]+")))
                        .hasSize(started);
            }
            // One for each builder, and the dispatcher's own.
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith(SYSTEM + "-buildboss-own-thread")))
                    .hasSize(started + 1);
            return started;
        } finally {
            boss.endInput();
            ActorTestKit.shutdown(system);
        }
    }
}
