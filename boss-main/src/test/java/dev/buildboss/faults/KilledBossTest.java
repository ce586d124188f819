package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A boss that is killed with SIGKILL in the middle of a build. */
class KilledBossTest extends FaultTest {

    @Test
    void takesItsWorkersWithItAndTheNextRunGoesOn() throws IOException {
        Results undisturbed = bed.undisturbed();
        bed.tree().close("mid");
        for (String board : StubTree.BOARDS) {
            bed.tree().task(board + "-1", "gate mid");
        }
        // A board on each: on m1, and on this computer.
        FaultBed.Run run = bed.run()
                .with("--use-machines", "m1")
                .set("machines.m1.max-boards", "1")
                .set("local.slots", "1");
        BossProcess boss = run.start();
        Waits.until("second commits' builds", () -> hasBegun(1, "m1") && hasBegun(1, FaultBed.LOCAL), boss::words);
        boss.awaitEvent("cell-done", event -> true);

        boss.kill();

        bed.awaitNobodyLeft(); // though the gate is closed
        run.results().assertWholeCells(undisturbed);
        Set<String> stored = run.results().cells().keySet();
        assertThat(stored).isNotEmpty();

        bed.tree().reset();
        BossProcess second = run.start();
        bed.assertUndisturbed(run, second);
        assertThat(second.report().path("previous").asInt()).isEqualTo(stored.size());
        bed.awaitNobodyLeft();
    }

    private boolean hasBegun(int commit, String machine) {
        List<String> begun = bed.tree().begun();
        return begun.stream().anyMatch(line -> line.contains(" " + commit + " " + machine + " "));
    }
}
