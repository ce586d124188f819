package dev.buildboss.cli;

import static dev.buildboss.cli.FoundCompilers.ARM;
import static dev.buildboss.cli.FoundCompilers.OTHER_ARM;
import static dev.buildboss.cli.FoundCompilers.X86;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.ShellTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachinesCommandTest {

    private static final String MACHINES =
            "buildboss.machines { fast { host = \"me@fast.example\" }, old { host = old.example }, gone { host = gone } }\n";
    private static final Map<String, String> VERSIONS = Map.of("git", "2.39.5", "make", "4.3", "dtc", "1.6.1");

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void setUp() throws Exception {
        cli = new CliFixture(temp);
        cli.userConfig(MACHINES);
        compilers("local", ARM, X86);
        compilers("fast", ARM, X86);
    }

    private void compilers(String machine, String... found) {
        cli.builds.scripts.put(machine, task -> task.what().contains("compilers") ? FoundCompilers.all(found) : "");
    }

    private static MachineFacts facts(double load, int java) {
        return facts(load, java, VERSIONS, Optional.empty());
    }

    private static MachineFacts facts(
            double load, int java, Map<String, String> versions, Optional<MachineFacts.Clock> clock) {
        OptionalInt major = java == 0 ? OptionalInt.empty() : OptionalInt.of(java);
        return facts("gnu", load, major, versions, clock);
    }

    private static MachineFacts facts(
            String libc,
            double load,
            OptionalInt major,
            Map<String, String> versions,
            Optional<MachineFacts.Clock> clock) {
        return new MachineFacts(
                "armv9z", libc, 8, 16, 16, 4999.7, load, 32_000, 64_000, 900_000, major, versions, clock);
    }

    private static String[] cells(String line) {
        return line.split("\\s{2,}", -1);
    }

    @Test
    void showsUsableMachinesFirstEachWithItsState() {
        cli.builds.machines.put("fast", facts(99, 17));
        cli.builds.machines.put("old", facts(1, 17));

        assertThat(cli.run("machines")).isZero();

        assertThat(cli.out.lines().toList())
                .satisfiesExactly(
                        head -> assertThat(head).startsWith("NAME  HOST"),
                        old -> assertThat(cells(old))
                                .containsExactly(
                                        "old",
                                        "old.example",
                                        "armv9z",
                                        "8",
                                        "16",
                                        "5000",
                                        "1.00",
                                        "31 GiB of 62 GiB",
                                        "878 GiB",
                                        "17",
                                        "fail",
                                        "OK"),
                        fast -> assertThat(fast)
                                .startsWith("fast ")
                                .endsWith("busy: load/cpus 12.38 > 0.8 (probe.max-load)"),
                        gone -> assertThat(gone)
                                .startsWith("gone ")
                                .endsWith("unreachable: connect: Connection refused"));
    }

    @Test
    void failsWhenNoMachineIsUsable() {
        cli.builds.machines.put("fast", facts(99, 17));

        assertThat(cli.run("machines", "fast", "gone")).isEqualTo(1);
        assertThat(cli.run("build", "--mach")).isEqualTo(1);
        assertThat(cli.out).contains("busy").contains("unreachable");
    }

    @Test
    void showsTheChosenMachinesFromAnyDirectoryAsAnOptionOfBuild() throws IOException {
        cli.builds.machines.put("old", facts(1, 17));
        cli.directory = Files.createDirectories(cli.home.resolve("elsewhere"));

        assertThat(cli.run("build", "--mach", "--use-machines", "old"))
                .as(cli.err)
                .isZero();

        assertThat(cli.out).contains("old.example").doesNotContain("gone");
    }

    @Test
    void namesWhatIsTooOldOrMissing() {
        cli.builds.machines.put("fast", facts(1, 11));
        cli.builds.machines.put("old", facts(1, 0));
        cli.builds.machines.put("gone", facts(1, 17, Map.of("git", "2.1.4", "make", "4.3"), Optional.empty()));

        assertThat(cli.run("machines")).isEqualTo(1);

        assertThat(cli.out)
                .contains(
                        "too old: Java 11 (17 or later is needed, and there is no runtime for linux-armv9z to send)\n")
                .contains("no Java (17 or later is needed, and there is no runtime for linux-armv9z to send)\n")
                .contains("too old: git 2.1.4, probe.min-git is 2.11\n");
    }

    @Test
    void hasARuntimeForMachinesOfItsOwnLibraryAlone() throws IOException {
        Path java = cli.home.resolve(".config/buildboss/runtimes/linux-armv9z/bin/java");
        Files.createDirectories(java.resolveSibling("."));
        Files.createFile(java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        cli.builds.machines.put("fast", facts("gnu", 1, OptionalInt.empty(), VERSIONS, Optional.empty()));
        cli.builds.machines.put("old", facts("musl", 1, OptionalInt.empty(), VERSIONS, Optional.empty()));

        assertThat(cli.run("machines", "fast", "old")).isZero();

        assertThat(cli.out)
                .contains("Note: fast: has no Java of 17 or later: a runtime is sent with the worker\n")
                .contains("no Java (17 or later is needed, and there is no runtime for linux-armv9z-musl to send)\n");
    }

    @Test
    void comparesCompilersWithThoseHere() {
        compilers("old", OTHER_ARM);
        cli.builds.machines.put("fast", facts(1, 17));
        cli.builds.machines.put("old", facts(1, 17));

        assertThat(cli.run("machines", "fast", "old")).isZero();

        List<String> lines = cli.out.lines().toList();
        assertThat(cells(lines.get(1))).startsWith("fast").endsWith("OK", "OK");
        assertThat(cells(lines.get(2))).startsWith("old").endsWith("1 missing, 1 wrong ver", "OK");
        assertThat(lines.subList(3, lines.size()))
                .containsExactly(
                        "",
                        "Note: old: no compiler for x86",
                        "Note: old: other compiler for arm: 13.2.0 there, 12.2.0 here");
    }

    @Test
    void notesWhatDriftsBetweenMachines() {
        cli.builds.machines.put("fast", facts(1, 17));
        cli.builds.machines.put(
                "gone",
                facts(
                        1,
                        17,
                        Map.of("git", "2.30", "make", "4.3"),
                        Optional.of(new MachineFacts.Clock(Duration.ofMinutes(-5), Duration.ofMillis(80)))));
        cli.builds.machines.put("old", facts(1, 17));

        cli.run("machines");

        assertThat(cli.out)
                .contains("Note: dtc differs: 1.6.1 on fast, old; none on gone\n")
                .contains("Note: gone: its clock is 5 min behind (probe.max-clock-skew is 10 s)\n")
                .doesNotContain("git differs");
    }

    @Test
    void showsVersionsWhenAskedTo() {
        cli.builds.machines.put("fast", facts(1, 17));

        cli.run("machines", "-v", "fast");

        assertThat(cli.out.lines().findFirst().orElseThrow()).contains("GIT", "DTC", "PYTHON3", "KERNEL");
        assertThat(cells(cli.out.lines().toList().get(1))).contains("2.39.5", "4.3", "1.6.1");
    }

    @Test
    void coloursTheStatesOnATerminalAndTellsWhomItWaitsFor() {
        cli.screen = new Screen(true, true, () -> 60);
        cli.builds.machines.put("fast", facts(1, 17));
        cli.builds.machines.put("old", facts(99, 17));

        cli.run("machines");

        assertThat(cli.out)
                .startsWith("\r\u001b[K0 of 3 machines answered; waiting for fast, gone, old")
                .contains("\u001b[32mOK\u001b[0m\n")
                .contains("\u001b[33mbusy: ")
                .contains("\u001b[31munreachable: ");
    }

    @Test
    void saysHowToConfigureMachines() throws Exception {
        cli.userConfig("");
        assertThat(cli.run("machines")).isEqualTo(1);
        assertThat(cli.err).startsWith("boss: No machines configured: add them to ");
        assertThat(cli.run("build", "--mach")).isEqualTo(1);
        assertThat(cli.err).startsWith("boss: No machines configured");
        assertThat(cli.run("machines", "watch")).isEqualTo(1);
    }

    @Test
    void showsMachinesAsJson() throws Exception {
        compilers("fast", OTHER_ARM, X86);
        cli.builds.machines.put("fast", facts(1, 17));

        cli.run("machines", "--json");

        JsonNode list = new ObjectMapper().readTree(cli.out);
        assertThat(list).hasSize(3);
        assertThat(list.get(0).get("usable").asBoolean()).isTrue();
        assertThat(list.get(0).get("totalMemoryMib").asInt()).isEqualTo(64_000);
        assertThat(list.get(0).get("toolchains").asText()).isEqualTo("1 wrong ver");
        assertThat(list.get(0).get("compilers").get("arm").get("version").asText())
                .isEqualTo("13.2.0");
        assertThat(list.get(0).get("different").get(0).asText()).isEqualTo("arm");
        assertThat(list.get(1).get("state").asText()).isEqualTo("unreachable");
        assertThat(list.get(1).get("trouble").asText()).isEqualTo("unreachable: connect: Connection refused");
    }

    @Test
    void watchesForSoManyLooks() {
        cli.builds.machines.put("fast", facts(1, 17));

        assertThat(cli.run("machines", "watch", "--count", "2", "--interval", "100ms", "fast", "gone"))
                .isZero();

        assertThat(cli.out.lines().filter(line -> line.endsWith("1 of 2 machines usable")))
                .hasSize(2);
        assertThat(cli.out.lines().filter(line -> line.startsWith("fast "))).hasSize(2);
        assertThat(cli.out).doesNotContain("\u001b");
    }

    @Test
    void watchesAsLinesOfJson() throws Exception {
        cli.run("machines", "watch", "--json", "--count", "2", "--interval", "100ms");

        List<String> lines = cli.out.lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode line = new ObjectMapper().readTree(lines.get(1));
        assertThat(line.get("time").asText()).endsWith("Z");
        assertThat(line.get("machines")).hasSize(3);
    }

    @Test
    void redrawsInPlaceOnATerminalAndNeverBeyondItsEdges() {
        cli.screen = new Screen(true, false, () -> 40, () -> 4);
        cli.builds.machines.put("fast", facts(1, 17));

        assertThat(cli.run("machines", "watch", "--count", "1")).isZero();

        assertThat(cli.out)
                .contains("\u001b[H")
                .endsWith("\u001b[J\n")
                .contains("(3 lines more than this terminal has)");
        assertThat(cli.out.lines())
                .allSatisfy(line ->
                        assertThat(line.replaceAll("\u001b\\[[A-Z]", "")).hasSizeLessThan(40));
    }

    @Test
    void endsAWatchWhenItIsInterrupted() {
        cli.builds.machines.put("fast", facts(1, 17));
        cli.interrupts.signal();

        assertThat(cli.run("machines", "watch")).isEqualTo(1);
        assertThat(cli.out).isEmpty();
    }

    @Test
    void refusesAnIntervalWithoutItsUnit() {
        assertThat(cli.run("machines", "watch", "--interval", "5")).isEqualTo(1);
        assertThat(cli.err).contains("--interval").contains("a duration with its unit");
    }

    private static String doctor(ShellTask task, String lines) {
        return task.what().contains("compilers") ? FoundCompilers.all(ARM) : lines;
    }

    @Test
    void tellsWhatToInstall() {
        cli.builds.machines.put("fast", facts(1, 17));
        cli.builds.scripts.put(
                "fast",
                task -> doctor(
                        task,
                        "motd\nBUILDBOSS-DOCTOR git\tok\tgit version 2.39.5\nBUILDBOSS-DOCTOR toolchain arm\tok\t"
                                + task.arguments().get(1)
                                + "\nBUILDBOSS-DOCTOR swig\tmissing\tthere is no swig\nBUILDBOSS-DOCTOR bc\tmissing\t\n"
                                + "BUILDBOSS-DOCTOR end\tok\t\n"));

        assertThat(cli.run("machines", "doctor", "fast")).isEqualTo(1);

        assertThat(cli.out.lines().map(line -> line.strip().replaceAll("\\s{2,}", "|")))
                .contains(
                        "fast (me@fast.example)",
                        "git|OK|git version 2.39.5",
                        "toolchain arm|OK|arm=/usr/bin/arm-linux-gnueabi-gcc",
                        "swig|missing|there is no swig: apt install swig",
                        "bc|missing (some boards need it)|apt install bc",
                        "To install there: apt install swig bc");
    }

    @Test
    void findsAMachineFitWithoutWhatOnlySomeBoardsNeed() throws Exception {
        cli.builds.machines.put("fast", facts(1, 17));
        cli.builds.scripts.put(
                "fast", task -> doctor(task, "BUILDBOSS-DOCTOR bc\tmissing\t\nBUILDBOSS-DOCTOR end\tok\t\n"));

        assertThat(cli.run("machines", "doctor", "--json", "fast")).isZero();

        JsonNode line = new ObjectMapper().readTree(cli.out);
        assertThat(line.get("ok").asBoolean()).isTrue();
        assertThat(line.get("checks").get(0).get("check").asText()).isEqualTo("ssh");
    }

    @Test
    void tellsWhenTheDoctorCantGetInOrIsCutShort() {
        cli.builds.machines.put("fast", facts(1, 17));
        cli.builds.scripts.put("fast", task -> doctor(task, "BUILDBOSS-DOCTOR git\tok\tgit\n"));

        assertThat(cli.run("machines", "doctor", "fast", "gone")).isEqualTo(1);

        assertThat(cli.out)
                .contains("the doctor was cut short there")
                .containsPattern("(?m)^  ssh  not OK  connect: Connection refused");
        assertThat(cli.run("machines", "doctor")).isEqualTo(1);
        assertThat(cli.err).contains("NAME");
    }
}
