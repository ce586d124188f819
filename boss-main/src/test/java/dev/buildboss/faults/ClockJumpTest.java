package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The time of day on the boss's computer jumps in the middle of a run, by a day and back by two: nothing times out, nothing
 * hangs. Needs libfaketime.
 */
class ClockJumpTest extends FaultTest {

    private static final Path LIBRARIES = Path.of("/usr/lib");

    @Test
    void nothingTimesOutWhenTheClockJumps() throws IOException {
        Optional<Path> library = library();
        assumeTrue(library.isPresent(), "libfaketime is not here (Debian: faketime)");
        Path offset = Files.writeString(bed.directory().resolve("clock-offset"), "+0");
        Path times = bed.directory().resolve("times");
        bed.undisturbed();
        bed.tree().close("first");
        bed.tree().close("second");
        for (String board : StubTree.BOARDS) {
            bed.tree().task(board + "-1", "gate first");
            bed.tree().task(board + "-2", "gate second; date +%s >>" + times);
        }
        // A board on each: on m1, whose clock stays as it is, and on this computer.
        FaultBed.Run run = bed.run()
                .with("--use-machines", "m1")
                .set("machines.m1.max-boards", "1")
                .set("local.slots", "1")
                .environment("LD_PRELOAD", library.get().toString())
                .environment("FAKETIME_TIMESTAMP_FILE", offset.toString())
                .environment("FAKETIME_NO_CACHE", "1")
                .environment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .environment("FAKETIME_FORCE_MONOTONIC_FIX", "0"); // else it breaks the JVM's waits
        BossProcess boss = run.start();

        awaitBegun(1, boss);
        jump(offset, "+1d");
        bed.tree().open("first");
        awaitBegun(2, boss);
        jump(offset, "-1d");
        bed.tree().open("second");

        bed.assertUndisturbed(run, boss);
        assertThat(boss.events("board-requeued")).isEmpty();
        long now = Instant.now().getEpochSecond();
        assertThat(Files.readAllLines(times).stream().map(Long::valueOf))
                .as("the clock did jump here")
                .anyMatch(time -> now - time > Duration.ofHours(23).toSeconds());
    }

    private void awaitBegun(int commit, BossProcess boss) {
        for (String machine : List.of("m1", FaultBed.LOCAL)) {
            Waits.until(
                    "a board's commit " + commit + " on " + machine,
                    () -> bed.tree().begun().stream()
                            .anyMatch(line -> line.contains(" " + commit + " " + machine + " ")),
                    boss::words);
        }
    }

    /** At once and whole, as it is read at any moment. */
    private static void jump(Path offset, String to) throws IOException {
        Path next = Files.writeString(offset.resolveSibling("clock-offset.next"), to);
        Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Path> library() throws IOException {
        try (Stream<Path> directories = Files.list(LIBRARIES)) {
            return directories
                    .map(directory -> directory.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::isRegularFile)
                    .findFirst();
        }
    }
}
