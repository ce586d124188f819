package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection that ends while a result is on its way. */
class BrokenConnectionTest extends FaultTest {

    /** The log travels in the result's own line up to 64 KiB; half of it passes. */
    private static final int LOG_BYTES = 60_000;

    @Test
    void buildsACellAgainWhoseResultWasCutInTheMiddleOfItsLine() throws IOException {
        Results undisturbed = bed.undisturbed();
        bed.tree().close("long");
        bed.tree()
                .task(
                        "ash-1",
                        "gate long; [ -e sent ] || { : >sent; head -c " + LOG_BYTES + " /dev/zero | tr '\\0' x; }");
        try (Relay relay = new Relay(bed.fleet().port("m1"))) {
            FaultBed.Run run = bed.on("m1")
                    .set("machines.m1.max-boards", "1")
                    .sshConfig(bed.fleet().sshConfigWithPort(bed.directory().resolve("relayed"), "m1", relay.port()));
            BossProcess boss = run.start();
            bed.awaitBegun("ash 1 ", boss);

            relay.breakAfter(LOG_BYTES / 2);
            bed.tree().open("long");
            Waits.until("the connection breaks", relay::hasBroken, boss::words);

            assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
            bed.assertUndisturbed(run, boss);
            assertThat(builds("ash 1 ")).as("the cell that was cut").hasSize(2);
            assertThat(builds("ash 0 ")).as("the cell before it").hasSize(1);
            assertThat(builds("ash 2 ")).as("the cell after it").hasSize(1);
            assertThat(builds("elm 0 ")).hasSize(1);
            assertThat(run.results().cells().keySet())
                    .isEqualTo(undisturbed.cells().keySet());
        }
    }

    private List<String> builds(String prefix) {
        return bed.tree().begun().stream()
                .filter(line -> line.startsWith(prefix))
                .toList();
    }
}
