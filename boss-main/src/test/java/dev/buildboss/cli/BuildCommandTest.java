package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildCommandTest {

    private static final String MACHINES =
            "buildboss.machines { fast { host = \"me@fast.example\" }, old { host = old.example } }\n";

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void setUp() throws Exception {
        cli = new CliFixture(temp);
    }

    private BuildRequest request() {
        return Objects.requireNonNull(cli.builds.request);
    }

    private List<String> subjects() {
        return request().commits().stream().map(Commit::subject).toList();
    }

    private List<String> targets() {
        return request().boards().stream().map(Board::target).toList();
    }

    private List<String> machines() {
        return cli.builds.used.stream().map(Machine::name).toList();
    }

    @Test
    void buildsABranchSinceItsUpstream() {
        assertThat(cli.run("build", "-b", "work")).isZero();

        assertThat(subjects()).containsExactly("one", "two", "three");
        assertThat(targets()).containsExactly("elm", "oak");
        assertThat(machines()).containsExactly("local");
        assertThat(request().outputDir()).isEqualTo(temp.resolve("src/work"));
        assertThat(request().rebuild()).isEqualTo(Rebuild.MISSING);
        assertThat(cli.out)
                .startsWith("Building 3 commits for 2 boards (2 threads, 1 job per thread)\n")
                .contains("Completed: 6 total built (0 previously, 6 newly), duration 0:01:01, rate 0.10\n");
        assertThat(cli.builds.closed).isTrue();
    }

    @Test
    void buildsTheSourceAsItStandsWithoutABranch() {
        assertThat(cli.run("build", "elm")).isZero();

        assertThat(request().current()).isTrue();
        assertThat(subjects()).containsExactly("three");
        assertThat(request().outputDir()).isEqualTo(temp.resolve("src/current"));
        assertThat(cli.out).startsWith("Building current source for 1 board (2 threads, 1 job per thread)\n");
    }

    @Test
    void givesEachFlagItsMeaning() {
        int status = cli.run(
                "build",
                "-b",
                "work",
                "-c",
                "2",
                "-o",
                "../out",
                "-N",
                "-f",
                "-k",
                "-V",
                "-E",
                "-L",
                "-M",
                "-m",
                "-r",
                "-C",
                "-Z",
                "--fallback-mrproper",
                "--config-only",
                "-T",
                "3",
                "-j",
                "5",
                "--boards",
                "oak, elm",
                "-x",
                "elm");

        assertThat(status).isZero();
        assertThat(subjects()).containsExactly("two", "three");
        assertThat(targets()).containsExactly("oak");
        assertThat(request().outputDir()).isEqualTo(temp.resolve("src/out"));
        assertThat(request().rebuild()).isEqualTo(Rebuild.ALL);
        var options = request().options();
        assertThat(options.keepOutputs()
                        && options.verboseBuild()
                        && options.warningsAsErrors()
                        && options.noLto()
                        && options.allowMissing()
                        && options.mrproper()
                        && options.reproducibleBuilds()
                        && options.forceReconfig()
                        && options.fallbackMrproper()
                        && options.configOnly()
                        && options.forceBuild())
                .isTrue();
        assertThat(options.kconfigCheck()).isFalse();
        var local = Objects.requireNonNull(cli.builds.settings).local();
        assertThat(local.slots()).isEqualTo(3);
        assertThat(local.jobs()).isEqualTo(5);
    }

    @Test
    void letsNoAllowMissingWin() {
        cli.run("build", "-b", "work", "-M", "--no-allow-missing", "-F", "--step", "0");

        assertThat(request().options().allowMissing()).isFalse();
        assertThat(request().rebuild()).isEqualTo(Rebuild.FAILED);
        assertThat(subjects()).containsExactly("one", "three");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "build -b wrok | boss: no branch or commit 'wrok' in ",
                "build -b work --boards elmm | boss: unknown board: elmm (did you mean elm?)",
                "build -b work zzz | boss: no boards match: zzz",
                "build -b work -N | boss: -N puts results straight into the directory of -o",
                "build -b work -o . | boss: output directory ",
                "build -c 2 | boss: -c and --step need a branch",
                "build -b work -c 0 | boss: -c 0: must be 1 or more",
                "build -b work --no-local | boss: --no-local requires --dist",
                "build -b work --dist --no-local | boss: No machines configured",
                "build -b work --use-machines x | boss: No machines configured: unknown machine: x",
                "build -b work --set ssh.transprt=x | boss: --set: buildboss.ssh.transprt: no such setting (did you mean buildboss.ssh.transport?)",
                "build -b work -T -1 | boss: -T: buildboss.local.slots: must be a whole number from 0 to 4096, not -1",
                "build -b work -T many | boss: Invalid value for option '--threads'",
                "build -b work -g /nowhere | boss: /nowhere: no such directory",
                "build -b work --board-list none | boss: board list ",
            })
    void refusesInOneLine(String line, String expected) {
        assertThat(cli.run(line.split(" "))).isEqualTo(1);

        assertThat(cli.err).startsWith(expected.strip());
        assertThat(cli.err.lines().count()).isLessThanOrEqualTo(2);
        assertThat(cli.out).isEmpty();
        assertThat(cli.builds.request).isNull();
    }

    @Test
    void suggestsTheNearestOptionAndCommand() {
        assertThat(cli.run("build", "--brnch", "x")).isEqualTo(1);
        assertThat(cli.err).contains("--branch");

        assertThat(cli.run("biuld")).isEqualTo(1);
        assertThat(cli.err).contains("boss build");

        assertThat(cli.run()).isEqualTo(1);
        assertThat(cli.err).contains("a command is missing");
    }

    @Test
    void refusesADirectoryThatIsNoRepository() {
        cli.directory = temp;

        assertThat(cli.run("build")).isEqualTo(1);
        assertThat(cli.err).startsWith("boss: " + temp + ": not a git repository");
    }

    @Test
    void picksMachines() throws Exception {
        cli.userConfig(MACHINES);

        cli.run("build", "-b", "work", "--dist");
        assertThat(machines()).containsExactly("local", "fast", "old");

        cli.run("build", "-b", "work", "--use-machines", " old ", "--no-local");
        assertThat(machines()).containsExactly("old");

        assertThat(cli.run("build", "-b", "work", "--use-machines", "fats")).isEqualTo(1);
        assertThat(cli.err).isEqualTo("boss: unknown machine: fats (did you mean fast?)\n");
    }

    @Test
    void buildsHereWhenThereAreNoMachines() {
        assertThat(cli.run("build", "-b", "work", "--dist")).isZero();

        assertThat(cli.out).startsWith("No machines configured: building on this computer alone\n");
        assertThat(machines()).containsExactly("local");
    }

    @Test
    void tellsBytesByMachineAndTheVerdict() throws Exception {
        cli.userConfig(MACHINES);
        cli.builds.outcomes = cell -> Built.of(cell.board().equals("oak") && cell.commit() == 2 ? 2 : 0, false);

        assertThat(cli.run("build", "-b", "work", "--dist")).isEqualTo(100);

        assertThat(cli.out).contains("fast: 6 cells, sent 2.0 KiB, received 2.9 MiB\n");
        assertThat(cli.out).endsWith("03: three\n       arm:  +  oak\n");
        assertThat(cli.out).contains("[local] oak, 03 three: failed (2)\n");
    }

    @Test
    void endsByTheCells() {
        cli.builds.outcomes = cell -> Built.of(0, true);
        assertThat(cli.run("build", "-b", "work")).isEqualTo(101);
        assertThat(cli.run("build", "-b", "work", "-W")).isZero();

        cli.builds.outcomes = cell -> new NotBuilt(Reason.NO_TOOLCHAIN, "arm");
        assertThat(cli.run("build", "-b", "work")).isEqualTo(103);
        assertThat(cli.out).contains("not built, no toolchain: arm: elm oak (6 cells)");
    }

    @Test
    void showsErrorsAsTheyComeWithEscapesVisible() {
        cli.builds.outcomes = cell -> Built.of(0, cell.board().equals("elm"));
        cli.builds.errorText = "a.c:1: warning: \u001b[31mred\nb\n";

        cli.run("build", "-v", "elm");

        assertThat(cli.out).contains("[local] elm: warning\na.c:1: warning: \\x1b[31mred\nb\n");
    }

    @Test
    void writesOneJsonObjectALine() throws Exception {
        cli.builds.outcomes = cell -> Built.of(cell.board().equals("elm") ? 2 : 0, false);
        cli.builds.errorText = "boom";

        assertThat(cli.run("--json", "build", "-b", "main..work", "-c", "1")).isEqualTo(100);

        List<String> lines = cli.out.lines().toList();
        ObjectMapper mapper = new ObjectMapper();
        JsonNode first = mapper.readTree(lines.get(0));
        assertThat(first.get("v").asInt()).isEqualTo(BuildEvent.VERSION);
        assertThat(first.get("event").asText()).isEqualTo("run-started");
        assertThat(first.get("total").asInt()).isEqualTo(2);
        JsonNode cell = mapper.readTree(lines.get(1));
        assertThat(cell.get("event").asText()).isEqualTo("cell-done");
        assertThat(cell.at("/cell/board").asText()).isEqualTo("elm");
        assertThat(cell.at("/outcome/outcome").asText()).isEqualTo("failed");
        assertThat(cell.at("/outcome/returnCode").asInt()).isEqualTo(2);
        assertThat(cell.get("errorText").asText()).isEqualTo("boom");
        JsonNode last = mapper.readTree(lines.get(lines.size() - 1));
        assertThat(last.get("event").asText()).isEqualTo("run-ended");
        assertThat(last.at("/report/exitStatus").asInt()).isEqualTo(100);
        assertThat(last.at("/report/outcomes/failed").asInt()).isEqualTo(1);
        assertThat(last.get("durationMs").asInt()).isEqualTo(61_000);
        assertThat(cli.err).contains("Completed: ");
    }

    @Test
    void onlySaysWhatItWouldDoWhenDry() {
        assertThat(cli.run("build", "-n", "-v", "-b", "work", "-c", "1")).isZero();

        assertThat(cli.builds.request).isNull();
        assertThat(cli.out).contains("Would build 1 commits for 2 boards:").contains("arm: 1 board: oak");
        assertThat(Files.exists(temp.resolve("src/work"))).isFalse();
    }

    @Test
    void sayingWhatItWouldDoTellsWhereAndWhenThatEnds() {
        assertThat(cli.run("plan", "-v", "-b", "work", "-c", "2")).isZero();

        assertThat(cli.builds.request).isNull();
        assertThat(cli.out).startsWith("Would build 2 commits for 2 boards:\n");
        assertThat(cli.out)
                .contains("\nmachine ", "\nlocal ", "\nlocal: ", "All would end after 0:0")
                .contains("With one more machine like local")
                .contains("no build is remembered");
        assertThat(Files.exists(temp.resolve("home/.local"))).isFalse();
    }

    @Test
    void aPlanForProgramsIsOneObject() {
        assertThat(cli.run("build", "-n", "--json", "-b", "work")).isZero();

        assertThat(cli.out).startsWith("{\"v\":1,\"event\":\"plan\"").contains("\"endWithOneMoreMs\":");
        assertThat(cli.out.lines()).hasSize(1);
        assertThat(cli.err).contains("Would build");
    }

    @Test
    void saysOnceWhyARunCouldNotStart() {
        cli.builds.refusal = java.util.Optional.of("output directory x is in use");

        assertThat(cli.run("build", "-b", "work")).isEqualTo(1);
        assertThat(cli.err).isEqualTo("boss: output directory x is in use\n");
        assertThat(cli.out).doesNotContain("in use");
    }

    @Test
    void stopsOnceAskedAndEndsWith130() {
        cli.builds.endless = true;
        cli.builds.whenStarted = cli.interrupts::signal;

        assertThat(cli.run("build", "-b", "work")).isEqualTo(130);
        assertThat(cli.builds.cancelled).isTrue();
        assertThat(cli.out).contains("stopping…").contains("Completed: 0 total built");
        assertThat(cli.left).isEmpty();
    }

    @Test
    void leavesAtOnceWhenAskedTwice() {
        cli.builds.endless = true;
        cli.builds.whenStarted = () -> {
            cli.interrupts.signal();
            cli.interrupts.signal();
        };

        assertThat(cli.run("build", "-b", "work")).isEqualTo(130);
        assertThat(cli.left).hasSize(1);
    }

    @Test
    void namesMachinesThatDoNotAnswerAStop() {
        cli.builds.endless = true;
        cli.builds.deaf = true;
        cli.builds.extraEvents.add(new BuildEvent.MachineChanged("fast", BuildEvent.MachineState.BUILDING, ""));
        cli.builds.extraEvents.add(new BuildEvent.MachineChanged("old", BuildEvent.MachineState.FINISHED, ""));
        cli.builds.whenStarted = cli.interrupts::signal;

        assertThat(cli.run("build", "-b", "work")).isEqualTo(130);
        assertThat(cli.builds.cancelledNow).isTrue();
        assertThat(cli.out).contains("stopped; no answer from fast\n");
    }

    @Test
    void rewritesOneLineOnATerminal() {
        cli.screen = new Screen(true, false, () -> 80);
        cli.builds.outcomes = cell -> Built.of(cell.commit() == 1 ? 2 : 0, cell.commit() == 2);

        cli.run("build", "-b", "work");

        assertThat(cli.out).contains("\r\u001b[K    0    0    0 /6      -6                : (starting) [local]");
        assertThat(cli.out).contains("\r\u001b[K[local] elm, 02 two: failed (2)\n");
        assertThat(cli.out.lines().filter(l -> l.contains("\u001b[31m"))).isEmpty();
    }

    @Test
    void saysOnceWhoHasAMachineAndWhenItJoins() throws Exception {
        String by = "BUSY: work directory /w is in use by simon@laptop process 7 since 2026-01-31T08:00:00Z";
        for (int i = 0; i < 3; i++) {
            cli.builds.extraEvents.add(new BuildEvent.MachineChanged("fast", BuildEvent.MachineState.CONNECTING, ""));
            cli.builds.extraEvents.add(new BuildEvent.MachineChanged("fast", BuildEvent.MachineState.BUSY, by));
        }
        cli.builds.extraEvents.add(new BuildEvent.MachineChanged("fast", BuildEvent.MachineState.BUILDING, ""));

        cli.run("build", "arm");

        assertThat(cli.out.lines().filter(line -> line.startsWith("fast: ")))
                .containsExactly("fast: " + by + "; it joins when it is free", "fast: free now, builds");
    }
}
