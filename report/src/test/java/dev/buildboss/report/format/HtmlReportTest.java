package dev.buildboss.report.format;

import static dev.buildboss.report.format.Reports.cell;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.timeline.Slice;
import dev.buildboss.report.timeline.Timeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {

    @TempDir
    private Path temp;

    private static final String ERROR = "a.c: In function ‘f’:\na.c:3:7: error: no\n";

    private static Reports reports() {
        return new Reports()
                .subject("one")
                .subject("two")
                .board("elm", cell(0, ""), cell(0, "b.c:1:1: warning: w\n"))
                .board("oak", cell(0, ""), cell(2, ERROR, 150, "ruru"))
                .timeline(new Timeline(
                        Instant.EPOCH, List.of(new Slice("ruru", 1, "oak", "%040x".formatted(1), 0, 900, "failed"))));
    }

    private static JsonNode data(String page) throws Exception {
        String begin = "id=\"data\">";
        int from = page.indexOf(begin) + begin.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    @Test
    void carriesItsDataAndLoadsNothing() throws Exception {
        Path log = Files.createDirectories(temp.resolve("c1/oak")).resolve("log");
        Files.writeString(log, "x".repeat(9_000) + "the end\n");
        String page = Reports.written(ReportFormats.HTML, reports().input(temp));
        JsonNode data = data(page);

        assertThat(data.path("rows").toString()).isEqualTo("[\"ow\",\"of\"]");
        assertThat(data.at("/cells/1,1/machine").asText()).isEqualTo("ruru");
        assertThat(data.at("/cells/1,1/log").asText()).endsWith("the end\n").hasSizeLessThan(6_100);
        assertThat(data.at("/changes/1/broken/0").asInt()).isEqualTo(1);
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContain("src=", "href=\"http", "url(", "@DATA@", "@SCRIPT@");
    }

    @Test
    void holdsNoMarkupOfOthers() throws Exception {
        String page = Reports.written(ReportFormats.HTML, hostile().input(temp));

        assertThat(page).doesNotContain("<img", "\u001b", "\u202e").containsOnlyOnce("<script>");
        assertThat(data(page).at("/commits/0/2").asText()).contains("</script><img", "\\u202e");
    }

    private static Reports hostile() {
        return new Reports()
                .subject(Reports.HOSTILE)
                .board("oak", cell(2, "a.c:1:1: error: " + Reports.HOSTILE + "\n", 1, Reports.HOSTILE))
                .timeline(new Timeline(
                        Instant.EPOCH, List.of(new Slice(Reports.HOSTILE, 1, "oak", Reports.HOSTILE, 0, 1, "ok"))));
    }

    @Test
    @Tag("process")
    void showsItselfInABrowser() throws Exception {
        String dom = shown(reports(), "#cell=1,1");

        assertThat(dom).contains("data-ready=\"yes\"", "role=\"grid\"");
        assertThat(dom).contains("aria-label=\"oak, 01 one: ok\"", "aria-label=\"oak, 02 two: failed, changed here\"");
        assertThat(dom.substring(dom.indexOf("id=\"detail\""))).contains("a.c:3:7: error: no", "built on ruru");
        assertThat(dom.substring(dom.indexOf("id=\"time-table\""))).contains("ruru", "100%");
    }

    @Test
    @Tag("process")
    void runsNothingOfLogsAndNamesInABrowser() throws Exception {
        String dom = shown(hostile(), "#cell=0,0");

        assertThat(dom)
                .contains("data-ready=\"yes\"", "&lt;img src=x onerror=alert(1)&gt;")
                .doesNotContain("<img");
    }

    @Test
    @Tag("process")
    void keepsThousandsOfCellsOutOfTheDocument() throws Exception {
        Reports reports = new Reports();
        CellReport[] cells = new CellReport[50];
        Arrays.fill(cells, cell(0, ""));
        for (int board = 0; board < 1_000; board++) {
            reports.board("board" + board, cells);
        }
        String dom = shown(reports, "");

        assertThat(dom).contains("data-ready=\"yes\"", "aria-rowcount=\"1001\"", "aria-colcount=\"51\"");
        assertThat(dom.split("role=\"gridcell\"", -1)).hasSizeBetween(100, 2_500);
    }

    /** The page as it stands when its script has run. */
    private String shown(Reports reports, String fragment) throws Exception {
        Path page = temp.resolve("page.html");
        Files.writeString(page, Reports.written(ReportFormats.HTML, reports.input(temp)));
        Path dom = temp.resolve("dom");
        Process process = new ProcessBuilder(
                        Browser.command(temp.resolve("profile"), "--dump-dom", page.toUri() + fragment))
                .redirectOutput(dom.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(dom);
    }
}
