package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Disks that fill up and compilers that the kernel kills: no verdict on the source. */
class FullMachineTest extends FaultTest {

    private static final String KILLED = """
            echo "gcc: fatal error: Killed signal terminated program cc1" >&2
            echo "compilation terminated." >&2
            kill -KILL $$
            """;

    @Test
    void buildsElsewhereWhatWasKilledForMemory() throws IOException {
        bed.undisturbed();
        bed.tree().task("any@m1", KILLED);
        FaultBed.Run run = bed.remote();
        BossProcess boss = run.start();

        bed.assertUndisturbed(run, boss);
    }

    @Test
    void doesNotTakeACompilerKilledEverywhereForABrokenSource() throws IOException {
        bed.tree().task("ash-1", KILLED);
        FaultBed.Run run = bed.on("m1").boards("ash");
        BossProcess boss = run.start();

        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.NOT_BUILT_STATUS);
        assertThat(boss.report().path("outcomes").path("failed").asInt()).isZero();
        assertThat(boss.report().path("outcomes").path("not-built").asInt()).isEqualTo(1);
        assertThat(run.results().cells()).hasSize(StubTree.COMMITS - 1);
        run.results().assertWholeCells(bed.undisturbed());
    }

    @Test
    void buildsElsewhereWhatFilledAMachinesDisk() throws IOException {
        bed.undisturbed();
        FaultBed.Run run = bed.remote().set("probe.min-disk", "0 MiB");
        Path work = Files.createDirectories(bed.fleet().home("m1").resolve(run.workDir()));
        try (SmallDisk disk = SmallDisk.mount(work, "16m")) {
            // Where nothing can be mounted the words alone have to do.
            bed.tree()
                    .task(
                            "any@m1",
                            disk.isThere()
                                    ? "cat /dev/zero >\"$2/fill\" || exit 1"
                                    : "echo 'cat: write error: No space left on device' >&2; exit 1");
            BossProcess boss = run.start();

            bed.assertUndisturbed(run, boss);
            assertThat(bed.tree().begun()).anyMatch(line -> line.contains(" m2 "));
            bed.awaitNobodyLeft();
        }
    }

    @Test
    void reportsAFullDiskHereAndGoesOnWhenThereIsRoomAgain() throws IOException {
        bed.undisturbed();
        FaultBed.Run run = bed.remote();
        Files.createDirectories(run.output());
        try (SmallDisk disk = SmallDisk.mount(run.output(), "4m")) {
            Assumptions.assumeTrue(disk.isThere(), "no right to mount a file system");
            bed.tree().close("mid");
            for (String board : StubTree.BOARDS) {
                bed.tree().task(board + "-1", "gate mid");
            }
            BossProcess boss = run.start();
            boss.awaitEvent("cell-done", event -> true);
            Path filler = run.output().resolve("filler");
            SmallDisk.fill(filler);
            bed.tree().open("mid");

            assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.NOT_BUILT_STATUS);
            assertThat(boss.events("notice"))
                    .anySatisfy(
                            notice -> assertThat(notice.path("text").asText()).containsIgnoringCase("no space left"));
            run.results().assertWholeCells(bed.undisturbed());
            int cells = StubTree.BOARDS.size() * StubTree.COMMITS;
            FaultBed.assertOneEndForEachCell(boss, cells);
            assertThat(boss.report().path("outcomes").path("not-built").asInt())
                    .isEqualTo(cells - run.results().cells().size());
            bed.awaitNobodyLeft();

            Files.delete(filler);
            bed.tree().reset();
            run.completes();
        }
    }
}
