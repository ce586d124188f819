package dev.buildboss.report.format;

import static dev.buildboss.report.format.Reports.cell;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SarifReportTest {

    /** OASIS's own, as another library carries it. */
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(SarifReportTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"));

    @Test
    void theSchemaFindsWhatIsWrong() throws Exception {
        JsonNode wrong = new ObjectMapper().readTree("{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{}]}]}");

        assertThat(SCHEMA.validate(wrong)).isNotEmpty();
    }

    private static JsonNode run(Reports reports) throws Exception {
        JsonNode json = new ObjectMapper().readTree(Reports.written(ReportFormats.SARIF, reports.input()));
        assertThat(json.path("version").asText()).isEqualTo("2.1.0");
        assertThat(json.path("runs")).hasSize(1);
        assertThat(SCHEMA.validate(json))
                .as("against the schema of SARIF 2.1.0")
                .isEmpty();
        JsonNode run = json.at("/runs/0");
        check(run);
        return run;
    }

    /** What code hosts ask beyond the schema. */
    private static void check(JsonNode run) {
        assertThat(run.at("/tool/driver/name").asText()).isNotEmpty();
        Set<String> rules = new HashSet<>();
        run.at("/tool/driver/rules")
                .forEach(rule -> assertThat(rules.add(rule.path("id").asText())).isTrue());
        for (JsonNode result : run.path("results")) {
            assertThat(rules).contains(result.path("ruleId").asText());
            assertThat(result.path("level").asText()).isIn("none", "note", "warning", "error");
            assertThat(result.path("kind").asText()).isEqualTo("fail");
            assertThat(result.at("/message/text").asText()).isNotEmpty();
            if (result.has("baselineState")) {
                assertThat(result.path("baselineState").asText()).isIn("new", "unchanged", "updated", "absent");
            }
            for (JsonNode location : result.path("locations")) {
                String uri =
                        location.at("/physicalLocation/artifactLocation/uri").asText();
                assertThat(java.net.URI.create(uri).isAbsolute()).isFalse();
                assertThat(uri).doesNotStartWith("/").doesNotContain("..");
                JsonNode region = location.at("/physicalLocation/region");
                region.forEach(number -> assertThat(number.asInt()).isPositive());
            }
        }
    }

    private static List<String> states(JsonNode run) {
        return run.path("results").findValuesAsText("baselineState");
    }

    @Test
    void comparesTheLastCommitWithTheFirst() throws Exception {
        String stays = "b.c:1:1: warning: unused [-Wunused-variable]\n";
        JsonNode run = run(new Reports()
                .board(
                        "elm",
                        cell(0, stays + "c.c:5:2: warning: moves\n" + "d.c:1:1: warning: goes\n"),
                        cell(0, ""),
                        cell(2, stays + "c.c:9:2: warning: moves\n" + "a.c:3:7: error: new\n"))
                .board("oak", cell(0, stays), cell(0, ""), cell(2, stays + "a.c:3:7: error: new\n")));

        assertThat(states(run)).containsExactly("new", "updated", "unchanged", "absent");
        JsonNode result = run.at("/results/0");
        assertThat(result.path("level").asText()).isEqualTo("error");
        assertThat(result.path("ruleId").asText()).isEqualTo("build/error");
        assertThat(result.at("/message/text").asText()).isEqualTo("error: new\nBoards: elm, oak");
        assertThat(result.at("/locations/0/physicalLocation/region").toString())
                .isEqualTo("{\"startLine\":3,\"startColumn\":7}");
        assertThat(run.at("/results/2/ruleId").asText()).isEqualTo("gcc/unused-variable");
    }

    @Test
    void hasNoBaselineForOneCommit() throws Exception {
        JsonNode run = run(new Reports().board("elm", cell(0, "b.c:1:1: warning: w\n")));

        assertThat(run.path("results")).hasSize(1);
        assertThat(states(run)).isEmpty();
    }

    @Test
    void givesNoLocationOutsideTheTree() throws Exception {
        JsonNode run = run(new Reports()
                .board("elm", cell(2, "/usr/include/x.h:1:1: error: e\na/../../etc/passwd:1:1: error: e\n")));

        assertThat(run.path("results")).hasSize(2).noneMatch(result -> result.has("locations"));
    }

    @Test
    void escapesPathsAndMessages() throws Exception {
        JsonNode run = run(new Reports().board("elm", cell(2, "a b#ü.c:1:1: error: {0} " + Reports.HOSTILE + "\n")));

        assertThat(SarifReport.uri("a b#ü%.c")).isEqualTo("a%20b%23%C3%BC%25.c");
        assertThat(run.at("/results/0/message/text").asText()).contains("{{0}}", "\\x1b[31m", "\\u202e");
    }
}
