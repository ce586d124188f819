package dev.buildboss.cli;

import static dev.buildboss.cli.FoundCompilers.ARM;
import static dev.buildboss.cli.FoundCompilers.HOST;
import static dev.buildboss.cli.FoundCompilers.OTHER_ARM;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.spi.MachineFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code boss plan} by the rules of a run: elm is a sandbox board, oak one for arm. */
class PlanCommandTest {

    private static final String MACHINES = "buildboss.machines { fast { host = fast.example } }\n";

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void setUp() throws Exception {
        cli = new CliFixture(temp);
        cli.userConfig(MACHINES);
        machine("local", 1, HOST, ARM);
        machine("fast", 16, HOST, ARM);
    }

    private void machine(String name, int threads, String... compilers) {
        cli.builds.machines.put(
                name,
                new MachineFacts(
                        "armv9z",
                        "gnu",
                        threads,
                        threads,
                        threads,
                        4999,
                        0,
                        64_000,
                        64_000,
                        900_000,
                        OptionalInt.of(17),
                        Map.of("git", "2.39.5", "make", "4.3"),
                        Optional.empty()));
        cli.builds.scripts.put(name, task -> task.what().contains("compilers") ? FoundCompilers.all(compilers) : "");
    }

    private void commitsThatCostMuch(int count) throws IOException, GitAPIException {
        PersonIdent who = new PersonIdent("A", "a@example.org");
        try (Git git = Git.open(cli.tree.toFile())) {
            for (int i = 0; i < count; i++) {
                Files.writeString(cli.tree.resolve("Kconfig"), "config A" + i + "\n");
                git.add().addFilepattern(".").call();
                git.commit()
                        .setMessage("more " + i)
                        .setAuthor(who)
                        .setCommitter(who)
                        .setSign(false)
                        .call();
            }
        }
    }

    private JsonNode plan(String... options) throws JsonProcessingException {
        String[] all = Stream.concat(Stream.of("--json", "plan", "-b", "work", "--dist"), Stream.of(options))
                .toArray(String[]::new);
        assertThat(cli.run(all)).as(cli.err).isZero();
        return new ObjectMapper().readTree(cli.out);
    }

    /** Machines that a board falls to. */
    private static List<String> where(JsonNode plan, String board) {
        List<String> names = new ArrayList<>();
        for (JsonNode machine : plan.get("machines")) {
            if (machine.get("boards").has(board)) {
                names.add(machine.get("name").asText());
            }
        }
        return names;
    }

    @Test
    void givesAMachineNoBoardsThatItsCompilerIsRefusedFor() throws Exception {
        machine("fast", 16, HOST, OTHER_ARM);

        JsonNode plan = plan();

        assertThat(where(plan, "oak")).containsExactly("local");
        assertThat(where(plan, "elm")).containsExactly("fast");
        assertThat(plan.at("/machines/0/lacks/0").asText()).isEqualTo("arm");
        assertThat(plan.get("remarks").get(0).asText())
                .isEqualTo("fast: no arm boards go there: 13.2.0 there, 12.2.0 here; toolchains.require is identical");
        assertThat(where(plan("--set", "toolchains.require=any"), "oak")).containsExactly("fast");
    }

    @Test
    void asksThisComputerForItsCompilersToo() throws Exception {
        machine("local", 1, HOST);

        JsonNode both = plan();
        assertThat(where(both, "oak")).containsExactly("fast");
        assertThat(both.get("remarks")).extracting(JsonNode::asText).containsExactly("local: no compiler for arm");

        assertThat(cli.run("plan", "-b", "work")).isZero();
        assertThat(cli.out)
                .contains("\nlocal ", "All would end after", "no compiler for arm on local: not built: oak\n")
                .doesNotContain("local: no compiler");
        JsonNode alone = plan("--use-machines", "fast", "--set", "machines.fast.threads=1");
        assertThat(alone.get("nowhere")).isEmpty();
    }

    @Test
    void plansNothingForBoardsThatNobodyCanBuild() throws Exception {
        machine("local", 1, ARM);
        machine("fast", 16, OTHER_ARM);

        JsonNode plan = plan();

        assertThat(plan.get("machines")).singleElement();
        assertThat(where(plan, "oak")).containsExactly("local");
        assertThat(where(plan, "elm")).isEmpty();
        assertThat(plan.get("nowhere")).extracting(JsonNode::asText).containsExactly("elm");
        assertThat(plan.get("remarks"))
                .extracting(JsonNode::asText)
                .contains(
                        "fast is not counted: no fit compiler for any of the boards",
                        "no compiler for sandbox on fast, local: not built: elm");

        JsonNode none = plan("elm");
        assertThat(none.get("machines")).isEmpty();
        assertThat(none.get("remarks")).extracting(JsonNode::asText).contains("no machine can be used: no plan");
    }

    @ParameterizedTest
    @CsvSource({
        "schedule.split=true, 2",
        "schedule.split=false, 1",
        "schedule.placement=first-come, 1",
        "'machines.fast.worker-command=[\"old\",\"--worker\"]', 1",
    })
    void splitsBoardsWhereTheRunWould(String setting, int machines) throws Exception {
        machine("local", 4, HOST, ARM);
        machine("fast", 4, HOST, ARM);
        commitsThatCostMuch(8);

        JsonNode plan = plan("oak", "--set", setting, "--set", "schedule.hedge=false");

        assertThat(where(plan, "oak")).hasSize(machines);
    }

    @Test
    void passesOverAnExistingWorkerThatCannotDoWhatIsAskedFor() throws Exception {
        JsonNode plan = plan("-a", "FOO", "--set", "machines.fast.worker-command=[\"old\",\"--worker\"]");

        assertThat(where(plan, "oak")).containsExactly("local");
        assertThat(plan.get("remarks").get(0).asText()).isEqualTo("fast is not counted: its worker can't be told -a");
    }

    @Test
    void knowsTheLimitOfThreadsOfAllWorkers() throws Exception {
        assertThat(plan("--set", "worker.threads=3").at("/machines/0/cores").asInt())
                .isEqualTo(3);
    }
}
