package dev.buildboss.faults;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A branch that is force-pushed while it is being built. */
class MovedBranchTest extends FaultTest {

    @Test
    void staysOnTheHashesThatTheRunBeganWith() throws IOException {
        bed.undisturbed();
        bed.tree().hold("ash-0");
        FaultBed.Run run = bed.on("m1");
        BossProcess boss = run.start();
        bed.awaitBegun("ash 0 m1 ", boss);

        String unused = bed.tree().git("branch", "-f", "work", "main~2");
        // The machine is lost, so that it is pushed to once more.
        Processes.kill(bed.awaitWorker("m1", boss));
        boss.awaitEvent("board-requeued", event -> true);
        bed.tree().open("ash-0");

        bed.assertUndisturbed(run, boss);
    }
}
