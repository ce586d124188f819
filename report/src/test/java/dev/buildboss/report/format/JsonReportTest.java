package dev.buildboss.report.format;

import static dev.buildboss.report.format.Reports.cell;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.report.results.CellReport;
import org.junit.jupiter.api.Test;

class JsonReportTest {

    private static JsonNode json(Reports reports) throws Exception {
        return new ObjectMapper().readTree(Reports.written(ReportFormats.JSON, reports.input()));
    }

    @Test
    void tellsCommitsBoardsAndCells() throws Exception {
        JsonNode json = json(new Reports()
                .board("elm", cell(0, ""), CellReport.MISSING)
                .board("oak", cell(0, ""), cell(2, "a.c:3:7: error: no\n", 150, "ruru")));

        assertThat(json.path("format").asText()).isEqualTo("buildboss-summary");
        assertThat(json.path("version").asInt()).isEqualTo(1);
        assertThat(json.at("/boards/1/target").asText()).isEqualTo("oak");
        assertThat(json.at("/commits/1/broken/0").asText()).isEqualTo("oak");
        assertThat(json.at("/commits/1/unknown/0").asText()).isEqualTo("elm");
        assertThat(json.at("/commits/1/diagnostics/0").toString())
                .contains("\"change\":\"added\"", "\"severity\":\"error\"", "\"file\":\"a.c\"", "\"line\":3");
        assertThat(json.path("cells")).hasSize(4);
        assertThat(json.at("/cells/3").toString())
                .contains("\"board\":\"oak\"", "\"outcome\":\"failed\"", "\"returnCode\":2", "\"machine\":\"ruru\"");
        assertThat(json.at("/cells/3/sizes/u-boot/text").asInt()).isEqualTo(150);
        assertThat(json.at("/cells/2/outcome").asText()).isEqualTo("not-built");
    }

    @Test
    void keepsHostileTextAsItWasInPureAscii() throws Exception {
        Reports reports = new Reports()
                .subject(Reports.HOSTILE)
                .board("oak", cell(2, "a.c:1:1: error: " + Reports.HOSTILE.replace("\r", "") + "\n"));
        String text = Reports.written(ReportFormats.JSON, reports.input());

        assertThat(text.chars()).allMatch(c -> c == '\n' || c >= ' ' && c < 127);
        assertThat(json(reports).at("/commits/0/subject").asText()).isEqualTo(Reports.HOSTILE);
    }
}
