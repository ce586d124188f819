package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Machines that make other images of the same source with the same compiler: {@code --verify-machines} over real processes. */
class VerifiedMachinesTest extends FaultTest {

    private static final String IMAGE = "echo image >$2/u-boot; cp $2/u-boot $2/u-boot.bin";
    private static final String ODD_IMAGE = "echo image. >$2/u-boot; cp $2/u-boot $2/u-boot.bin";

    @Test
    void setsTheMachineAsideWhoseImagesHaveAByteMore() throws IOException {
        bed.tree().task("any", IMAGE);
        bed.tree().task("any@m2", ODD_IMAGE);
        FaultBed.Run run = bed.run()
                .with("--use-machines", "m1,m2", "--verify-machines", "--verify-board", "ash")
                .boards("ash", "fir");
        BossProcess boss = run.start();

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        JsonNode check = boss.events("machines-verified").get(0);
        assertThat(check.path("board").asText()).isEqualTo("ash");
        assertThat(check.path("alike").toString()).as(boss.words()).isEqualTo("[\"local\",\"m1\"]");
        assertThat(check.path("odd").path("m2").asText()).startsWith("u-boot").endsWith("differs");
        assertThat(check.path("setAside").asBoolean()).isTrue();
        assertThat(run.results().cells()).hasSize(2 * StubTree.COMMITS);
        assertThat(bed.tree().begun().stream().filter(line -> line.contains(" m2 ")))
                .as("the canary alone")
                .hasSize(1);
    }
}
