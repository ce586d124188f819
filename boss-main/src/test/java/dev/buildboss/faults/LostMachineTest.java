package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers, connections and servers that are killed in the middle of a build. */
class LostMachineTest extends FaultTest {

    @BeforeEach
    void holdOneMachine() throws IOException {
        bed.undisturbed();
        bed.tree().close("m1");
        bed.tree().task("any@m1", "gate m1");
        bed.tree().close("m2"); // until the first builds: where m1 is slow to come up, it would build all before
        bed.tree().task("any@m2", "gate m2");
    }

    private Processes.Seen awaitBuild(BossProcess boss) throws IOException {
        Processes.Seen worker = bed.awaitBuildOn("m1", boss);
        bed.tree().noTask("any@m2");
        bed.tree().open("m2");
        return worker;
    }

    @Test
    void buildsTheBoardsOfAKilledWorkerAgain() throws IOException {
        FaultBed.Run run = bed.remoteInOnePiece();
        BossProcess boss = run.start();
        Processes.Seen worker = awaitBuild(boss);

        Processes.kill(worker);

        assertRecovers(run, boss);
    }

    @Test
    void buildsTheBoardsOfAKilledSshSessionAgain() throws IOException {
        FaultBed.Run run = bed.remoteInOnePiece();
        BossProcess boss = run.start();
        List<Processes.Seen> session = Processes.session(awaitBuild(boss));
        assertThat(session).isNotEmpty();

        session.forEach(Processes::kill);

        assertRecovers(run, boss);
    }

    /** The makes of the lost worker are dead although they wait at a closed gate; then the run ends as if nothing had been. */
    private void assertRecovers(FaultBed.Run run, BossProcess boss) throws IOException {
        long make = makes().get(0);
        boss.awaitEvent(
                "board-requeued", event -> event.path("machine").asText().equals("m1"));
        Waits.until(
                "the make of the lost worker is dead", () -> Processes.of(make).isEmpty(), boss::words);
        bed.tree().open("m1");
        bed.assertUndisturbed(run, boss);
        bed.awaitNobodyLeft();
    }

    @Test
    void reportsWhatIsNotBuiltWhenAllMachinesAreLost() throws IOException {
        // Else m2 would build all, those of m1 a second time, before a test that is slow has killed it.
        bed.tree().close("last");
        for (String board : StubTree.BOARDS) {
            bed.tree().task(board + "-2", "gate last");
        }
        FaultBed.Run run = bed.remote().set("boss.max-reconnects", "1");
        BossProcess boss = run.start();
        awaitBuild(boss);
        boss.awaitEvent("cell-done", event -> true);

        bed.fleet().crash("m1");
        bed.fleet().crash("m2");

        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.NOT_BUILT_STATUS);
        int cells = StubTree.BOARDS.size() * StubTree.COMMITS;
        FaultBed.assertOneEndForEachCell(boss, cells);
        Map<String, Map<String, String>> stored = run.results().cells();
        assertThat(stored).isNotEmpty().hasSizeLessThan(cells);
        assertThat(boss.report().path("outcomes").path("not-built").asInt()).isEqualTo(cells - stored.size());
        run.results().assertWholeCells(bed.undisturbed());
        run.results().assertNothingAside();
        assertThat(reasons(boss))
                .allSatisfy(reason -> assertThat(reason).isIn("machine-lost", "no-machine", "poisoned"));
        bed.awaitNobodyLeft();

        bed.tree().open("m1");
        bed.tree().open("last");
        bed.fleet().repair();
        bed.sameWork(run).completes();
    }

    private List<Long> makes() {
        List<Long> result = new ArrayList<>();
        for (String line : bed.tree().begun()) {
            String[] words = line.split(" ", -1);
            if (words[2].equals("m1")) {
                result.add(Long.parseLong(words[3]));
            }
        }
        return result;
    }

    private static List<String> reasons(BossProcess boss) {
        return boss.events("cell-done").stream()
                .map(event -> event.path("outcome"))
                .filter(outcome -> outcome.path("outcome").asText().equals("not-built"))
                .map((JsonNode outcome) -> outcome.path("reason").asText())
                .toList();
    }
}
