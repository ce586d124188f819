package dev.buildboss.report.format;

import static dev.buildboss.report.format.Reports.cell;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.model.Confirmation;
import dev.buildboss.model.Confirmation.Verdict;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.summary.TextLine;
import dev.buildboss.report.summary.TextOptions;
import dev.buildboss.report.summary.TextSummary;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfirmationReportTest {

    private static CellReport known(int code, Verdict verdict, String first, String again) {
        CellReport cell = cell(code, code == 0 ? "" : "ld: no x\n");
        return new CellReport(
                cell.outcome(),
                cell.diagnostics(),
                cell.sizes(),
                cell.machine(),
                Optional.of(new Confirmation(verdict, first, 2, again)),
                cell.damage());
    }

    private static Reports reports() {
        return new Reports()
                .board("ash", known(2, Verdict.CODE, "m1", "m2"))
                .board("elm", known(0, Verdict.FLAKE, "m1", "m2"))
                .board("fir", known(0, Verdict.MACHINE, "m1\u001b[31m", "m2"))
                .board("ivy", known(2, Verdict.OPEN, "m1", ""))
                .board("oak", known(0, Verdict.FLAKE_OR_MACHINE, "m1", "m2"))
                .board("yew", known(0, Verdict.FLAKE, "m1", "m1"));
    }

    @Test
    void theTextSaysWhoseFaultItWas() {
        ReportInput input = reports().input();
        var lines = new TextSummary(input.summary(), new TextOptions(Set.of()), Limits.DEFAULT)
                .commit(input.summary().commit(0)).stream().map(TextLine::text).toList();

        assertThat(lines)
                .contains(
                        "   flakes: elm (failed once on m1, was built on m2 and on m1)"
                                + " yew (failed once on m1 and was built there the second time)",
                        "   the fault of m1\\x1b[31m: fir (fails on m1\\x1b[31m each time, was built on m2)",
                        "   flakes or a machine's fault: oak (failed on m1, which is gone; was built on m2)",
                        "   failures not confirmed: ivy (failed on m1, not confirmed)",
                        "   confirmed on another machine: ash");
    }

    @Test
    void programsAndServersAreToldToo() throws Exception {
        ReportInput input = reports().input();
        JsonNode json = new ObjectMapper().readTree(Reports.written(ReportFormats.JSON, input));
        assertThat(json.at("/cells/2/confirmation").toString())
                .isEqualTo("{\"verdict\":\"machine\",\"first\":\"m1\\u001B[31m\",\"returnCode\":2,\"again\":\"m2\"}");
        assertThat(Reports.written(ReportFormats.JUNIT, input))
                .contains(
                        "<system-out>a flake: failed once on m1, was built on m2 and on m1</system-out>",
                        "<system-out>the source: failed on m1 and on m2</system-out>");
        assertThat(Reports.written(ReportFormats.MARKDOWN, input))
                .contains("flakes", "confirmed on another machine", "failures not confirmed");
        assertThat(Reports.written(ReportFormats.HTML, input))
                .contains("the source: failed on m1 and on m2", "\"label\":\"flakes\"")
                .doesNotContain("\u001b");
    }
}
