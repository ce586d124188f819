package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.history.Build;
import dev.buildboss.history.ChangedFiles;
import dev.buildboss.history.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** elm takes 100 core-seconds and a tenth of that after a commit; m2 is half as fast as m1. */
class HistoryCommandTest {

    private static final int RUNS = 20;

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void setUp() throws Exception {
        cli = new CliFixture(temp);
        try (History history = History.open(cli.home.resolve(".local/state/buildboss/history.db"))) {
            List<Build> builds = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                builds.add(alone("m1", true, 100, i));
                builds.add(alone("m2", true, 200, i));
                builds.add(alone("m1", false, 10, i));
            }
            builds.add(new Build("oak", "aarch64", hash(99), "m3", true, 50, 1, 500, 0, 0, 0));
            history.add(builds);
            history.addChanges(Map.of(hash(3), new ChangedFiles(1, 0, 2, 0, 0)), 100);
        }
    }

    private static String hash(int number) {
        return String.format("%040x", number);
    }

    /** With its CPU seconds, as an eighth of it can't be shared: configuring and some more. */
    private static Build alone(String machine, boolean first, double cpuS, int at) {
        double seconds = cpuS * (0.125 + 0.875 / 8);
        return new Build("elm", "arm", hash(at), machine, first, seconds, 1, 100 + at, 8, first ? cpuS / 20 : 0, cpuS);
    }

    private List<JsonNode> json(String... arguments) throws JsonProcessingException {
        assertThat(cli.run(arguments)).as(cli.err).isZero();
        List<JsonNode> result = new ArrayList<>();
        for (String line : cli.out.lines().toList()) {
            result.add(new ObjectMapper().readTree(line));
        }
        return result;
    }

    @Test
    void tellsWhatABoardIsBelievedToCostAndWhatThatRestsOn() throws Exception {
        JsonNode elm = json("history", "--json", "elm").get(0);

        double first = elm.get("first_core_s").asDouble();
        assertThat(first).isBetween(100.0, 160.0); // of a machine between the two
        assertThat(elm.get("next_core_s").asDouble() / first).isBetween(0.05, 0.15);
        assertThat(elm.get("configure_core_s").asDouble() / first).isCloseTo(0.05, within(0.01));
        assertThat(elm.get("first_serial_s").asDouble() / first).isCloseTo(0.125, within(0.01));
        assertThat(elm.get("off_by").asDouble()).isBetween(0.0, 0.15);
        assertThat(elm.get("first_builds").asInt()).isEqualTo(24);
        assertThat(elm.get("next_builds").asInt()).isEqualTo(RUNS);
        assertThat(elm.get("builds").asInt()).isEqualTo(3 * RUNS);
        assertThat(elm.get("first_s").asDouble()).isCloseTo(150 * (0.125 + 0.875 / 8), within(0.1));
    }

    @Test
    void showsBoardsInATableThatExplainsItself() {
        assertThat(cli.run("history")).isZero();

        List<String> lines = cli.out.lines().toList();
        assertThat(lines.get(0))
                .startsWith("board  arch")
                .contains("first", "next", "off by", "configure", "serial", "builds", "by the clock");
        assertThat(lines.get(1)).startsWith("elm    arm").contains("24 + 20").contains(" 5 %  13, 1");
        assertThat(lines.get(2)).startsWith("oak    aarch64").contains(" 1 +  0");
        assertThat(cli.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(130));
        assertThat(cli.err).startsWith("45 builds learnt from, in ");
        assertThat(cli.run("history", "aarch")).isZero();
        assertThat(cli.out).contains("oak").doesNotContain("elm");
    }

    @Test
    void tellsHowFastMachinesAreAndFromHowManyBuilds() throws Exception {
        List<JsonNode> machines = json("history", "--machines", "--json");

        assertThat(machines)
                .extracting(machine -> machine.get("machine").asText())
                .containsExactly("m1", "m2", "m3");
        JsonNode m1 = machines.get(0);
        assertThat(m1.get("speed").asDouble() / machines.get(1).get("speed").asDouble())
                .isCloseTo(2, within(0.5));
        assertThat(m1.get("threads").asInt()).isEqualTo(8);
        assertThat(m1.get("builds").asInt()).isEqualTo(32);
        assertThat(m1.get("compared").asInt()).isEqualTo(12);
        assertThat(machines.get(2).get("compared").asInt()).isZero();

        assertThat(cli.run("history", "--machines")).isZero();
        assertThat(cli.out.lines().toList().get(3)).matches("m3 +- +- +1 +0 +\\d{4}-.*");
    }

    @Test
    void tellsWhatCommitsCostTheLatestFirst() throws Exception {
        List<JsonNode> commits = json("history", "--commits", "--json");
        assertThat(commits).hasSize(RUNS);
        assertThat(commits.get(0).get("commit").asText()).isEqualTo(hash(RUNS - 1));
        assertThat(commits.get(0).get("part").asDouble()).isBetween(0.05, 0.2);
        assertThat(commits.get(RUNS - 1 - 3).get("headers").asInt()).isEqualTo(2);

        assertThat(cli.run("history", "--commits", hash(3))).isZero();
        assertThat(cli.out.lines().toList().get(1)).startsWith("000000000000 ").endsWith("  1 Kconfig, 2 headers");
        assertThat(cli.run("history", "--commits", "beef")).isZero();
        assertThat(cli.out).isEqualTo("no commits match: beef\n");
        assertThat(cli.run("history", "--commits", "--machines")).isEqualTo(1);
        assertThat(cli.err).contains("mutually exclusive");
    }

    @Test
    void saysThatNothingIsRemembered() {
        assertThat(cli.run("history", "--set", "history.file=/nowhere/h.db")).isZero();
        assertThat(cli.out).isEqualTo("no board is remembered\n");
        assertThat(cli.err).isEqualTo("0 builds learnt from, in /nowhere/h.db\n");
    }

    @Test
    void writesASimulationAsOneObject() throws Exception {
        List<JsonNode> lines = json("simulate", "--json", "--boards", "3", "--runs", "1", "--fleet", "4 2x1.5");

        JsonNode all = lines.get(0);
        assertThat(lines).hasSize(1);
        assertThat(all.get("boards").asInt()).isEqualTo(3);
        assertThat(all.at("/machines/1/speed").asDouble()).isEqualTo(1.5);
        assertThat(all.get("policies"))
                .extracting(policy -> policy.get("policy").asText())
                .containsExactly("ours", "existing", "longest-first");
        assertThat(all.at("/policies/0/overBound").asDouble()).isGreaterThanOrEqualTo(1);
    }
}
