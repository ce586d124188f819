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

    @Test
    void comparesAMachineThatAnotherBossHadWhenItIsFree() throws IOException {
        bed.tree().task("any", IMAGE);
        bed.tree().task("any@m2", ODD_IMAGE);
        bed.tree().hold("elm-0@m2");
        bed.tree().hold("fir-0@m1");
        BossProcess other = bed.on("m2").workDir("shared").boards("elm").start();
        bed.awaitBegun("elm 0 m2 ", other);
        BossProcess boss = bed.remote()
                .workDir("shared")
                .with("--verify-machines", "--verify-board", "ash")
                .boards("ash", "fir")
                .set("boss.busy-interval", "200 ms")
                .start();
        bed.awaitBegun("fir 0 m1 ", boss);
        bed.tree().open("elm-0@m2");
        JsonNode late =
                boss.awaitEvent("machines-verified", event -> event.path("odd").has("m2"));
        bed.tree().open("fir-0@m1");

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        assertThat(late.path("alike").toString()).isEqualTo("[\"m1\"]");
        assertThat(bed.tree().begun().stream().filter(line -> line.contains(" m2 ") && !line.startsWith("elm ")))
                .as("the canary alone")
                .hasSize(1);
    }
}
