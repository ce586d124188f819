package dev.buildboss.report.format;

import static dev.buildboss.report.format.Reports.cell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.report.results.CellReport;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {

    @Test
    void tellsWhatEachCommitChangedAndHowTheLastStands() throws Exception {
        String text = Reports.written(
                ReportFormats.MARKDOWN,
                new Reports()
                        .subject("one")
                        .subject("two")
                        .board("elm", cell(0, ""), cell(0, ""))
                        .board("oak", cell(0, ""), cell(2, "a.c:3:7: error: no\n"))
                        .input());

        assertThat(text).isEqualTo("""
                        ### ❌ 2 boards, 2 commits

                        **1 failed, 1 ok** at the last commit.

                        #### `0000000000` `two`

                        - ❌ broken (1): `oak`

                        <details><summary>1 new error or warning</summary>

                        ```text
                        a.c:3:7: error: no
                          (oak)
                        ```

                        </details>
                        """);
    }

    @Test
    void staysShortWhateverTheMatrix() throws Exception {
        Reports reports = new Reports();
        for (int board = 0; board < 60; board++) {
            CellReport[] cells = new CellReport[40];
            for (int i = 0; i < cells.length; i++) {
                String err = ("f%d.c:1:1: error: %s%d\n").formatted(board, "x".repeat(500), i);
                cells[i] = cell(i % 2 == 0 ? 0 : 2, i % 2 == 0 ? "" : err);
            }
            reports.board("b".repeat(150) + board, cells);
        }
        String text = Reports.written(ReportFormats.MARKDOWN, reports.input());

        assertThat(text).hasSizeLessThan(MarkdownReport.MOST + 200).contains("more commits with changes");
    }

    @Test
    void keepsHostileTextInsideCode() throws Exception {
        String text = Reports.written(
                ReportFormats.MARKDOWN,
                new Reports()
                        .subject("``" + Reports.HOSTILE)
                        .board("oak", cell(2, "a.c:1:1: error: ````` </details>" + Reports.HOSTILE + "\n"))
                        .input());

        assertThat(text).contains("``` ``</script><img", "``````text\n").doesNotContain("\u001b", "\u202e", "\r");
        assertThat(MarkdownReport.code("a`b", 9)).isEqualTo("`` a`b ``");
        assertThat(MarkdownReport.code("", 9)).isEqualTo("` `");
    }
}
