package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failure that is not the source's, with {@code --confirm-failures}. */
class ConfirmedFailureTest extends FaultTest {

    @Test
    void buildsWhatOneMachineFailsOnAnotherAndBlamesTheFirst() throws IOException {
        // Whoever comes first has a broken linker from then on.
        bed.tree().task("ash-1", """
                [ -e "$control/victim" ] || echo "$machine" >"$control/victim"
                if [ "$(cat "$control/victim")" = "$machine" ]; then
                    echo "ld: cannot find -lbroken" >&2
                    exit 1
                fi""");
        FaultBed.Run run = bed.remote().boards("ash").with("--confirm-failures");
        BossProcess boss = run.start();

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        List<JsonNode> confirmed = boss.events("failure-confirmed");
        assertThat(confirmed).hasSize(1);
        JsonNode verdict = confirmed.get(0).path("confirmation");
        assertThat(verdict.path("verdict").asText()).isEqualTo("machine");
        assertThat(List.of(verdict.path("first").asText(), verdict.path("again").asText()))
                .containsExactlyInAnyOrder("m1", "m2");
        FaultBed.assertOneEndForEachCell(boss, StubTree.COMMITS);
        Path cell = run.results().cellDirs("ash").get(1);
        assertThat(cell.resolve("done")).hasContent("0");
        assertThat(cell.resolve("host")).hasContent(verdict.path("again").asText());
        assertThat(cell.resolve("confirmation")).content().startsWith("verdict machine\n");
        assertThat(Files.readString(cell.resolve("err.first"))).contains("-lbroken");
    }
}
