package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A boss and a worker of different ages: the packaged worker behind a filter that makes one of them another version. */
class OtherVersionTest extends FaultTest {

    private static final Path WORKER = Path.of(System.getProperty("buildboss.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("worker-main/target/buildboss-worker.jar");

    /** What the filter does to the lines in each direction, for sed. */
    enum Age {
        OLD_WORKER("", "/\"ready\"/s/,\"protocol\":.*}/}/"),
        NEW_WORKER(
                "",
                "/\"ready\"/{s/\"protocol\":2/\"protocol\":3,\"flux\":{\"a\":[1]}/;s/\"features\":\\[/&\"time-travel\",/;"
                        + "a BM> {\"resp\":\"flux\",\"level\":9}\n}"),
        NEW_BOSS("s/^{/{\"flux\":[{\"a\":null}],/;s/\"features\":\\[/&\"time-travel\",/", "");

        private final String toWorker;
        private final String toBoss;

        Age(String toWorker, String toBoss) {
            this.toWorker = toWorker;
            this.toBoss = toBoss;
        }
    }

    @ParameterizedTest
    @EnumSource
    void worksWithoutTheExtensions(Age age) throws IOException {
        Path filter = bed.directory().resolve("filter-" + age);
        Path toWorker = bed.directory().resolve("to-worker-" + age);
        Path toBoss = bed.directory().resolve("to-boss-" + age);
        Files.writeString(filter, """
                sed -u '%s
                w %s' | java -cp '%s' dev.buildboss.workermain.WorkerMain | sed -u '%s
                w %s'
                """.formatted(age.toWorker, toWorker, WORKER, age.toBoss, toBoss));
        FaultBed.Run run = bed.on("m1").set("machines.m1.worker-command", "[sh, \"" + filter + "\"]");
        BossProcess boss = run.start();

        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
        int cells = StubTree.BOARDS.size() * StubTree.COMMITS;
        FaultBed.assertOneEndForEachCell(boss, cells);
        assertThat(boss.report().path("outcomes").path("ok").asInt()).isEqualTo(cells - 2);
        assertThat(run.results().cells()).hasSize(cells);
        String changed = Files.readString(toWorker) + Files.readString(toBoss);
        if (age == Age.OLD_WORKER) {
            assertThat(changed).doesNotContain("features", "not_built");
        } else {
            assertThat(changed).contains("\"time-travel\"", "flux");
        }
        bed.awaitNobodyLeft();
    }
}
