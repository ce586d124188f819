package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Two bosses that want the same machine, or the same output directory. */
class TwoBossesTest extends FaultTest {

    @Test
    void buildOneAtATimeInAMachinesWorkDirectory() throws IOException {
        bed.undisturbed();
        bed.tree().hold("ash-0");
        FaultBed.Run first = bed.on("m1").boards("ash");
        BossProcess one = first.start();
        bed.awaitBegun("ash 0 m1 ", one);

        FaultBed.Run second = bed.on("m1").workDir(first.workDir()).boards("fir");
        BossProcess other = second.start();
        // Refused, or told to wait: whichever, it says that somebody else is there.
        Waits.until("the second boss is told", () -> saysInUse(other), other::words);
        assertThat(bed.fleet().workers("m1").stream().filter(worker -> isAtWork(worker, first)))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(bed.tree().hasBegun("fir ")).as("a build of the second boss").isFalse();

        bed.tree().open("ash-0");
        assertThat(one.awaitExit()).as(one.words()).isZero();
        if (other.awaitExit() != 0) {
            assertThat(other.awaitExit()).as(other.words()).isEqualTo(FaultBed.NOT_BUILT_STATUS);
            BossProcess again = second.start();
            assertThat(again.awaitExit()).as(again.words()).isZero();
        }
        first.results().assertWholeCells(bed.undisturbed());
        second.results().assertWholeCells(bed.undisturbed());
        assertThat(second.results().cells()).hasSize(StubTree.COMMITS);
    }

    private boolean isAtWork(Processes.Seen worker, FaultBed.Run run) {
        return worker.directory().endsWith("/" + run.workDir());
    }

    private static boolean saysInUse(BossProcess boss) {
        return boss.words().contains("in use");
    }

    @Test
    void refusesAnOutputDirectoryThatAnotherBossWritesTo() throws IOException {
        bed.tree().hold("ash-0");
        FaultBed.Run run = bed.on("m1").boards("ash");
        BossProcess one = run.start();
        bed.awaitBegun("ash 0 m1 ", one);

        BossProcess other = run.start();

        assertThat(other.awaitExit()).as(other.words()).isEqualTo(1);
        assertThat(other.errors()).contains("in use by", "process " + one.pid());
        bed.tree().open("ash-0");
        assertThat(one.awaitExit()).as(one.words()).isZero();
    }
}
