package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A machine with sshd, git, make and a compiler, and no Java: the boss brings it, builds there, and takes all away again. */
class BareMachineTest extends FaultTest {

    private static final List<String> PROGRAMS = List.of(
            ("sh bash cat mkdir rm rmdir mv cp ln ls chmod touch find sync mktemp dirname basename readlink stat head tail cut"
                            + " tr sort wc cksum sha256sum sed grep awk tar gzip git uname id date df du nproc getconf sleep kill ldd"
                            + " setsid true false env expr tee make gcc ld as ar nm size objdump objcopy printf")
                    .split(" ", -1));

    private static Path programs(Path into) throws IOException {
        Files.createDirectories(into);
        for (String name : PROGRAMS) {
            Path program = Path.of("/usr/bin", name);
            if (Files.isExecutable(program)) {
                Path script = Files.writeString(into.resolve(name), "#!/bin/sh\nexec " + program + " \"$@\"\n");
                Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return into;
    }

    @Test
    void buildsThroughARuntimeThatTheBossSentAndIsCleanedAfterwards() throws IOException {
        assumeTrue(Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods")), "a JRE can't make runtimes");
        Path place = bed.directory().resolve("bare");
        try (Fleet bare = Fleet.up(place, 1)) {
            Path login = bare.server("m1").resolve("login");
            Files.writeString(
                    login,
                    Files.readString(login)
                            .replace(
                                    "unset XDG",
                                    "export PATH=" + programs(place.resolve("programs")) + "\nunset JAVA_HOME XDG"));
            FaultBed.Run run = bed.on("m1")
                    .config(bare.config())
                    .sshConfig(bare.sshConfig())
                    .set("runtimes.places", "[]");

            BossProcess boss = run.start();
            assertBuilt(run, boss);
            assertThat(notices(boss))
                    .anyMatch(text -> text.matches("has no Java: a runtime \\(.*MiB\\) was sent in .* s"));

            // Over a budget of next to nothing: what can go goes, is said, and is made again.
            FaultBed.Run again = bed.on("m1")
                    .config(bare.config())
                    .sshConfig(bare.sshConfig())
                    .set("runtimes.places", "[]")
                    .set("machine-defaults.disk-budget", "1 KiB")
                    .workDir(run.workDir());
            BossProcess small = again.start();
            assertBuilt(again, small);
            assertThat(notices(small)).anyMatch(text -> text.startsWith("over its disk budget ("));

            leavesAWorkDirectoryInUse(bare, run);

            BossProcess clean = clean(bare, run, "--all");
            assertThat(clean.awaitExit()).as(clean.words()).isZero();
            assertThat(clean.words())
                    .contains("\"kind\":\"runtime\"", "\"kind\":\"worker\"", "\"kind\":\"repository\"");
            try (Stream<Path> left = Files.walk(bare.home("m1"))) {
                assertThat(left.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    /** All cells are there; their compiler's path is this machine's own. */
    private static void assertBuilt(FaultBed.Run run, BossProcess boss) throws IOException {
        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
        int cells = StubTree.BOARDS.size() * StubTree.COMMITS;
        assertThat(run.results().cells()).hasSize(cells);
        assertThat(boss.report().path("outcomes").path("not-built").asInt()).isZero();
        FaultBed.assertOneEndForEachCell(boss, cells);
    }

    private void leavesAWorkDirectoryInUse(Fleet bare, FaultBed.Run run) throws IOException {
        bed.tree().reset(); // the builds before this one are forgotten
        bed.tree().hold("ash-0@m1");
        BossProcess boss = bed.on("m1")
                .config(bare.config())
                .sshConfig(bare.sshConfig())
                .set("runtimes.places", "[]")
                .workDir(run.workDir())
                .start();
        bed.awaitBegun("ash 0 m1", boss);

        BossProcess clean = clean(bare, run, "--all");
        assertThat(clean.awaitExit()).as(clean.words()).isEqualTo(1);
        assertThat(clean.words()).contains("work directory not cleaned:").contains("\"state\":\"in use\"");

        bed.tree().open("ash-0@m1");
        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
    }

    private BossProcess clean(Fleet bare, FaultBed.Run run, String... more) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                "clean",
                "--machines",
                "--json",
                "--config",
                bare.config().toString(),
                "--ssh-config",
                bare.sshConfig().toString(),
                "--set",
                "machine-defaults.work-dir=~/" + run.workDir()));
        argv.addAll(BossProcess.PATIENT);
        argv.addAll(List.of(more));
        return BossProcess.start(
                bed.directory().resolve(FaultBed.LOCAL),
                bed.tree().directory(),
                Files.createTempFile(bed.directory(), "clean", ""),
                argv,
                Map.of());
    }

    private static List<String> notices(BossProcess boss) {
        return boss.events("notice").stream()
                .map(notice -> notice.path("text").asText())
                .toList();
    }
}
