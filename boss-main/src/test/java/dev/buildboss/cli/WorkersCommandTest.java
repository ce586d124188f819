package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Owner;
import dev.buildboss.spi.ShellTask;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersCommandTest {

    private static final String MACHINES =
            "buildboss.machines { fast { host = \"me@fast.example\" }, old { host = old.example } }\n";
    private static final String SIMON = "simon@laptop process 7 since 2026-01-31T08:00:00Z";
    private static final String GONE =
            new Owner("simon", ThisProcess.host(), 4_194_303, Instant.parse("2026-01-31T08:00:00Z")).text();

    @TempDir
    Path temp;

    private CliFixture cli;
    private final List<String> ends = new ArrayList<>();

    @BeforeEach
    void setUp() throws Exception {
        cli = new CliFixture(temp);
        cli.userConfig(MACHINES);
        machine("local", "host A x");
        machine("fast", "host B x");
        machine("old", "host C x");
    }

    /** What a machine says to a look; ends are noted, and all but process 13 end. */
    private void machine(String name, String... says) {
        cli.builds.scripts.put(name, task -> answer(name, task, says));
    }

    private String answer(String name, ShellTask task, String... says) {
        List<String> lines = new ArrayList<>();
        if (task.arguments().get(0).equals("list")) {
            lines.addAll(List.of(says));
        } else {
            List<String> words = task.arguments();
            List<String> processes = words.subList(4, words.size());
            ends.add(name + " " + String.join(" ", processes));
            for (String process : processes) {
                String id = process.substring(0, process.indexOf(':'));
                lines.add((id.equals("13") ? "left " : "ended ") + id);
            }
            if (Stream.of(says).anyMatch("lock stale"::equals)) {
                lines.add("unlocked");
            }
        }
        lines.add("end");
        return lines.stream()
                .map(line -> "BUILDBOSS-WORKERS " + line + "\n")
                .collect(Collectors.joining("", "Hi!\n", ""));
    }

    private static String[] worker(long process, String state, String boss, String... more) {
        return Stream.concat(
                        Stream.of(
                                "host B x",
                                "worker " + process + " 1000 5 " + state,
                                "directory " + process + " /w",
                                "own " + process + " yes",
                                "boss " + process + " " + boss),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void listsWorkersOfAllMachinesWithWhoUsesThem() {
        machine("fast", worker(42, "S", SIMON));
        cli.builds.scripts.remove("old");

        assertThat(cli.run("workers", "list")).isEqualTo(1);

        assertThat(cli.out.lines().map(line -> line.split("\\s{2,}")))
                .containsExactly(
                        new String[] {"MACHINE", "PROCESS", "DIRECTORY", "STATE"},
                        new String[] {"local", "-", "-", "none"},
                        new String[] {"fast", "42", "/w", "in use by " + SIMON},
                        new String[] {"old", "-", "-", "FAILED: connect: Connection refused"});
    }

    @Test
    void endsStaleWorkersOnlyAndSaysWhoUsesTheOthers() {
        machine("local", "host A x", "worker 9 1 1 S", "directory 9 /out", "own 9 yes", "boss 9 " + GONE);
        machine("fast", worker(42, "S", SIMON));
        machine("old", worker(43, "T", SIMON, "lock stale"));

        assertThat(cli.run("workers", "kill")).isZero();

        assertThat(ends).containsExactlyInAnyOrder("local 9:1", "old 43:1000");
        assertThat(cli.out.lines())
                .containsExactly(
                        "local: ended 9 (its boss is gone)",
                        "fast: 42 is in use by " + SIMON + " (--force ends it)",
                        "old: ended 43 (it is stopped); lock removed");
    }

    @Test
    void endsAWorkerInUseWhenForced() {
        machine("fast", worker(42, "S", SIMON));

        assertThat(cli.run("workers", "kill", "--force", "fast")).isZero();

        assertThat(ends).containsExactly("fast 42:1000");
        assertThat(cli.out).isEqualTo("fast: ended 42 (in use by " + SIMON + ")\n");
    }

    @Test
    void forceLeavesAloneWhatOthersUseInAnotherDirectoryOfTheSameHost() {
        machine("fast", "host B x", "worker 42 1 5 S", "directory 42 /other", "boss 42 " + SIMON);

        assertThat(cli.run("workers", "kill", "--force", "fast")).isZero();

        assertThat(ends).isEmpty();
    }

    @Test
    void failsWhereAWorkerIsStillThereOrAMachineIsNot() {
        machine("fast", worker(13, "T", SIMON));
        assertThat(cli.run("workers", "kill", "fast")).isEqualTo(1);
        assertThat(cli.out).isEqualTo("fast: FAILED to end 13 (it is stopped)\n");

        cli.builds.scripts.remove("old");
        assertThat(cli.run("workers", "kill", "old")).isEqualTo(1);
        assertThat(cli.out).isEqualTo("old: FAILED: connect: Connection refused\n");
    }

    @Test
    void countsAWorkerOnceOnAHostWithTwoNames() {
        String[] seen = worker(43, "T", SIMON);
        machine("local", seen);
        machine("fast", seen);

        cli.run("workers", "kill");

        assertThat(ends).containsExactly("fast 43:1000");
        assertThat(cli.out).contains("local: none\n");
    }

    @Test
    void tellsProgramsWhatItDid() throws Exception {
        machine("fast", worker(43, "T", SIMON));

        cli.run("workers", "kill", "--json", "fast");

        JsonNode fast = new ObjectMapper().readTree(cli.out);
        assertThat(fast.get("machine").asText()).isEqualTo("fast");
        JsonNode worker = fast.get("workers").get(0);
        assertThat(worker.get("process").asLong()).isEqualTo(43);
        assertThat(worker.get("boss").asText()).isEqualTo(SIMON);
        assertThat(worker.get("why").asText()).isEqualTo("it is stopped");
        assertThat(worker.get("fate").asText()).isEqualTo("ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workers kill", "build --kill-workers"})
    void knowsTheFlagOfOld(String command) {
        machine("fast", worker(43, "T", SIMON));

        assertThat(cli.run(command.split(" "))).isZero();

        assertThat(cli.out).contains("fast: ended 43 (it is stopped)\nold: none\n");
    }

    @Test
    void theFlagOfOldNeedsMachines() throws Exception {
        cli.userConfig("");

        assertThat(cli.run("build", "--kill-workers")).isEqualTo(1);
        assertThat(cli.err).isEqualTo("boss: No machines configured\n");
        assertThat(cli.run("workers", "kill")).isZero();
        assertThat(cli.out).isEqualTo("local: none\n");
    }

    @Test
    void refusesMachinesThatAreNotInTheSettings() {
        assertThat(cli.run("workers", "kill", "fst")).isEqualTo(1);
        assertThat(cli.err).contains("unknown machine: fst").contains("fast");
    }

    @Test
    void showsAMachinesWordsHarmlessly() {
        machine("fast", worker(43, "T", "\u001b[31mme", "directory 43 /w\u001b]0;x"));

        cli.run("workers", "list", "fast");

        assertThat(cli.out).doesNotContain("\u001b");
    }
}
