package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers that fall silent in the middle of a build while their connection stays open. */
class SilentMachineTest extends FaultTest {

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** What a busy computer may take to start, see and write things; ssh itself, asking each 15 s, gives up later than that. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private FaultBed.Run run;

    @BeforeEach
    void holdOneMachine() throws IOException {
        bed.undisturbed();
        bed.tree().close("m1");
        bed.tree().task("any@m1", "gate m1");
        bed.tree().close("m2"); // until the first builds: it would build all alone, now and then
        bed.tree().task("any@m2", "gate m2");
        run = bed.remoteInOnePiece().set("worker.heartbeat-interval", HEARTBEAT.toMillis() + " ms");
    }

    @Test
    void buildsTheBoardsOfAStoppedWorkerElsewhereAndTakesNothingOfItAfterwards() throws IOException {
        BossProcess boss = run.start();
        Processes.Seen worker = awaitBuild(boss);

        long since = System.nanoTime();
        Processes.signal("STOP", worker.pid());
        assertFound(boss, since);
        bed.tree().open("m1");
        bed.assertUndisturbed(run, boss);

        Processes.signal("CONT", worker.pid());
        awaitEnd(worker, boss);
        run.results().assertSameAs(bed.undisturbed());
        run.results().assertNothingAside();
        bed.awaitNobodyLeft();
    }

    @Test
    void buildsTheBoardsElsewhereWhenAConnectionIsHalfOpenAndTheWorkerThereEndsItself() throws IOException {
        try (Relay relay = new Relay(bed.fleet().port("m1"))) {
            Path config = bed.directory().resolve("half-open");
            run.sshConfig(bed.fleet().sshConfigWithPort(config, "m1", relay.port()));
            BossProcess boss = run.start();
            Processes.Seen worker = awaitBuild(boss);

            long since = System.nanoTime();
            relay.stall();

            assertCutOff(boss, worker, since);
        }
        bed.awaitNobodyLeft();
    }

    @Test
    void buildsTheBoardsElsewhereWhenPacketsAreLostAndTheWorkerThereEndsItself() throws IOException {
        try (OtherSide there = OtherSide.of(bed.fleet(), "m1")) {
            Path config = bed.directory().resolve("other-side");
            run.sshConfig(bed.fleet().sshConfigWithAddress(config, "m1", there.address(), OtherSide.PORT));
            BossProcess boss = run.start();
            Processes.Seen worker = awaitBuild(boss);

            long since = System.nanoTime();
            there.loseEverything();

            assertCutOff(boss, worker, since);
        }
        bed.awaitNobodyLeft();
    }

    private Processes.Seen awaitBuild(BossProcess boss) throws IOException {
        Processes.Seen worker = bed.awaitBuildOn("m1", boss);
        bed.tree().noTask("any@m2");
        bed.tree().open("m2");
        return worker;
    }

    /** Found in time, and built elsewhere; and the worker has ended with its makes, which wait at a closed gate. */
    private void assertCutOff(BossProcess boss, Processes.Seen worker, long since) throws IOException {
        assertFound(boss, since);
        awaitEnd(worker, boss);
        assertThat(Duration.ofNanos(System.nanoTime() - since))
                .isLessThan(HEARTBEAT.multipliedBy(6).plus(SLACK));
        bed.assertUndisturbed(run, boss);
        assertThat(bed.tree().isClosed("m1")).isTrue();
        assertThat(bed.tree().begun()).anyMatch(line -> line.contains(" m1 "));
        for (String line : bed.tree().begun()) {
            String[] words = line.split(" ", -1);
            if (words[2].equals("m1")) {
                assertThat(Processes.of(Long.parseLong(words[3]))).as(line).isEmpty();
            }
        }
    }

    private static void assertFound(BossProcess boss, long since) {
        boss.awaitEvent(
                "board-requeued", event -> event.path("machine").asText().equals("m1"));
        assertThat(Duration.ofNanos(System.nanoTime() - since))
                .isLessThan(HEARTBEAT.multipliedBy(3).plus(SLACK));
    }

    private static void awaitEnd(Processes.Seen worker, BossProcess boss) {
        Waits.until("the worker ends", () -> Processes.of(worker.pid()).isEmpty(), boss::words);
    }
}
