package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The boss program before an uneven fleet of four real sshds: m1 is busy, m2's work directory is on a small disk, m3 has another
 * compiler behind the same name, and nobody is at home where m4 was.
 */
@Tag("process")
@Tag("ssh")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetTableTest {

    private static final String CROSS = "microblaze-linux-gcc";

    /** A compiler that only tells who it is. */
    private static final String COMPILER = """
            #!/bin/sh
            case $1 in
                -dumpfullversion | -dumpversion) echo VERSION ;;
                -dumpmachine) echo microblaze-linux ;;
                -v) echo 'Configured with: ../configure --target=microblaze-linux' >&2 ;;
                -dumpspecs) echo '*asm:' ;;
                *) cat >/dev/null ;;
            esac
            """;

    @TempDir
    static Path dir;

    private Fleet fleet;
    private SmallDisk disk;
    private Path home;
    private int runs;

    @BeforeAll
    void startFleet() throws IOException {
        fleet = Fleet.up(dir.resolve("fleet"), 4);
        home = Files.createDirectories(dir.resolve("home"));
        script(home.resolve("bin").resolve(CROSS), COMPILER.replace("VERSION", "12.2.0"));
        for (String machine : List.of("m1", "m2", "m3", "m4")) {
            Path login = fleet.server(machine).resolve("login");
            Files.writeString(
                    login, Files.readString(login).replace("\ncd ", "\nexport PATH=\"$HOME/bin:$PATH\"\ncd "));
            script(
                    bin(machine).resolve(CROSS),
                    COMPILER.replace("VERSION", machine.equals("m3") ? "13.1.0" : "12.2.0"));
            script(bin(machine).resolve("microblaze-linux-ld"), "#!/bin/sh\nexit 0\n");
        }
        script(bin("m1").resolve("cat"), """
                #!/bin/sh
                [ "$*" != /proc/loadavg ] || { echo 99999.00 0 0 1/1 1; exit; }
                exec /bin/cat "$@"
                """);
        Path small = Files.createDirectories(fleet.home("m2").resolve("small"));
        disk = SmallDisk.mount(small, "16m");
        if (!disk.isThere()) {
            script(bin("m2").resolve("df"), "#!/bin/sh\necho none 16384 0 16384 0% /\n");
        }
        Files.writeString(dir.resolve("conf"), Files.readString(fleet.config()) + """
                buildboss.machine-defaults.work-dir = "~/small/work"
                buildboss.probe { connect-timeout = 60 s, timeout = 2 m }
                buildboss.ssh.connect-timeout = 60 s
                """);
    }

    @AfterAll
    void stopFleet() throws IOException {
        disk.close();
        fleet.close();
    }

    private Path bin(String machine) {
        return fleet.home(machine).resolve("bin");
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs one to its end. */
    private BossProcess boss(String... arguments) throws IOException {
        BossProcess boss = start(home, arguments);
        boss.awaitExit();
        return boss;
    }

    private BossProcess start(Path directory, String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(Arrays.asList(arguments));
        Path sshConfig;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            sshConfig = fleet.sshConfigWithPort(dir.resolve("ssh_config"), "m4", nobody.getLocalPort());
        }
        argv.addAll(List.of("--config", dir.resolve("conf").toString(), "--ssh-config", sshConfig.toString()));
        Map<String, String> environment = Map.of("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
        return BossProcess.start(home, directory, dir.resolve("boss" + ++runs), argv, environment);
    }

    /** All that is in the homes of the machines. */
    private List<String> everything() throws IOException {
        List<String> result = new ArrayList<>();
        for (String machine : List.of("m1", "m2", "m3", "m4")) {
            try (Stream<Path> paths = Files.walk(fleet.home(machine))) {
                paths.map(Path::toString).sorted().forEach(result::add);
            }
        }
        return result;
    }

    @Test
    void tellsWhyEachMachineIsUsedOrNot() throws IOException {
        BossProcess boss = boss("machines", "--json");

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        JsonNode table = boss.events().get(0);
        assertThat(table.findValuesAsText("name")).containsExactly("m3", "m1", "m2", "m4");
        Map<String, JsonNode> byName = Stream.of(0, 1, 2, 3)
                .map(table::get)
                .collect(Collectors.toMap(one -> one.get("name").asText(), one -> one));
        assertThat(trouble(byName, "m1")).startsWith("busy: load/cpus ").endsWith(" > 1000.0 (probe.max-load)");
        assertThat(trouble(byName, "m2")).startsWith("low disk: 16 MiB free, probe.min-disk is 1000 MiB");
        assertThat(trouble(byName, "m3")).isEmpty();
        assertThat(trouble(byName, "m4")).startsWith("unreachable: ").contains("refused");
        assertThat(byName.get("m1").get("different")).isEmpty();
        assertThat(byName.get("m3").get("different").get(0).asText()).isEqualTo("microblaze");
        assertThat(byName.get("m3").get("toolchains").asText()).isEqualTo("1 wrong ver");
    }

    private static String trouble(Map<String, JsonNode> byName, String machine) {
        return byName.get(machine).get("trouble").asText();
    }

    @Test
    void saysTheSameToAPerson() throws IOException {
        BossProcess boss = boss("machines");

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        assertThat(boss.words())
                .containsPattern("(?m)^m3 +m3 .* 1 wrong ver +OK$")
                .containsPattern("(?m)^m1 +m1 .* OK +busy: ")
                .contains("Note: m3: other compiler for microblaze: 13.1.0 there, 12.2.0 here");
    }

    @Test
    void failsWhenNobodyIsLeft() throws IOException {
        BossProcess boss = boss("machines", "m1", "m2", "m4");

        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(1);
    }

    @Test
    void sendsBoardsOnlyWhereTheyMayGoAndEndsWell() throws IOException {
        StubTree tree = new StubTree(dir);
        tree.close("home");
        tree.task("any@home", "gate home");
        BossProcess boss = start(
                tree.directory(),
                "build",
                "--json",
                "--dist",
                "-b",
                "work",
                "-c",
                "" + StubTree.COMMITS,
                "-o",
                dir.resolve("out").toString(),
                "--boards",
                "ash,fir," + StubTree.EXOTIC,
                "--set",
                "local.slots=1",
                "--set",
                "machine-defaults.work-dir=~/small/build");
        Waits.until(
                "m3 builds",
                () -> !boss.isAlive() || tree.begun().stream().anyMatch(line -> line.contains(" m3 ")),
                boss::words);
        tree.open("home");

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        assertThat(boss.report().path("outcomes").path("ok").asInt()).isEqualTo(3 * StubTree.COMMITS);
        assertThat(tree.begun()).allMatch(line -> line.contains(" home ") || line.contains(" m3 "));
        assertThat(tree.begun())
                .filteredOn(line -> line.startsWith(StubTree.EXOTIC + " "))
                .hasSize(StubTree.COMMITS)
                .allMatch(line -> line.contains(" home "));
        assertThat(boss.events("notice").stream()
                        .map(notice -> notice.path("text").asText()))
                .contains("no microblaze boards go there: 13.1.0 there, 12.2.0 here; toolchains.require is identical");
        assertThat(whyNot(boss, "m1")).startsWith("busy: load/cpus ");
        assertThat(whyNot(boss, "m2")).startsWith("low disk: 16 MiB free");
        assertThat(whyNot(boss, "m4")).contains("refused");
        awaitNobodyLeft();
    }

    /** What a worker on its way out still removes must not be taken for the work of another test. */
    private void awaitNobodyLeft() {
        Waits.until(
                "no process is left",
                () -> Processes.in(dir).stream().allMatch(Processes.Seen::isSshd),
                () -> Processes.list(Processes.in(dir)));
    }

    private static String whyNot(BossProcess boss, String machine) {
        return boss.awaitEvent(
                        "machine-changed",
                        event -> event.path("machine").asText().equals(machine)
                                && event.path("state").asText().equals("unavailable"))
                .path("detail")
                .asText();
    }

    @Test
    void leavesNothingOnMachinesAfterALookOrADoctorsVisit() throws IOException {
        List<String> before = everything();
        BossProcess looks = boss("machines", "watch", "--json", "--count", "2", "--interval", "100ms", "m2", "m3");
        BossProcess doctor = boss("machines", "doctor", "--json", "m2", "m3", "m4", "local");

        assertThat(looks.events()).as(looks.words()).hasSize(2);
        assertThat(everything()).isEqualTo(before);
        assertThat(doctor.awaitExit()).as(doctor.words()).isEqualTo(1);
        List<JsonNode> visits = doctor.events();
        assertThat(visits.stream().map(visit -> visit.get("name").asText())).containsExactly("local", "m2", "m3", "m4");
        assertThat(check(visits.get(1), "disk").get("ok").asBoolean()).isFalse();
        assertThat(check(visits.get(2), "git").get("ok").asBoolean()).isTrue();
        assertThat(check(visits.get(2), "work-dir").get("detail").asText()).contains("small/work (to be made in ");
        assertThat(check(visits.get(2), "toolchain microblaze").get("ok").asBoolean())
                .isTrue();
        assertThat(check(visits.get(3), "ssh").get("detail").asText()).contains("refused");
    }

    private static JsonNode check(JsonNode visit, String name) {
        for (JsonNode check : visit.get("checks")) {
            if (check.get("check").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check " + name + " in " + visit);
    }
}
