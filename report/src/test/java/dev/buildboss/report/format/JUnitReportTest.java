package dev.buildboss.report.format;

import static dev.buildboss.report.format.Reports.cell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.report.results.CellReport;
import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class JUnitReportTest {

    private static Document document(Reports reports) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new InputSource(new StringReader(Reports.written(ReportFormats.JUNIT, reports.input()))));
    }

    private static Element element(Document document, String name, int index) {
        return (Element) document.getElementsByTagName(name).item(index);
    }

    @Test
    void makesASuiteOfEachCommitAndACaseOfEachBoard() throws Exception {
        Document document = document(new Reports()
                .subject("one")
                .subject("two v1.2")
                .board("ash", cell(0, ""), Reports.damaged("done: empty"))
                .board("elm", cell(0, "a.c:1:1: warning: w"), CellReport.MISSING)
                .board("oak", cell(0, ""), cell(2, "a.c:3:7: error: no\n", 1, "ruru")));

        Element suites = document.getDocumentElement();
        assertThat(suites.getAttribute("tests")).isEqualTo("6");
        assertThat(suites.getAttribute("failures")).isEqualTo("1");
        assertThat(suites.getAttribute("errors")).isEqualTo("1");
        assertThat(suites.getAttribute("skipped")).isEqualTo("1");
        assertThat(element(document, "testsuite", 0).getAttribute("name")).isEqualTo("01: one");
        assertThat(element(document, "testcase", 5).getAttribute("name")).isEqualTo("oak");
        assertThat(element(document, "testcase", 5).getAttribute("classname")).isEqualTo("02: two v1․2.arm");
        assertThat(element(document, "failure", 0).getAttribute("message")).isEqualTo("a.c:3:7: error: no");
        assertThat(element(document, "system-out", 0).getTextContent()).isEqualTo("built on ruru");
        assertThat(element(document, "system-err", 0).getTextContent()).contains("warning: w");
        assertThat(element(document, "error", 0).getAttribute("message")).isEqualTo("done: empty");
        assertThat(element(document, "skipped", 0).getAttribute("message")).isEqualTo("no result");
    }

    @Test
    void staysWellFormedWhateverLogsSay() throws Exception {
        Document document = document(new Reports()
                .subject(Reports.HOSTILE)
                .board("oak", cell(2, "a.c:1:1: error: " + Reports.HOSTILE + "\n", 1, Reports.HOSTILE)));

        NodeList images = document.getElementsByTagName("img");
        assertThat(images.getLength()).isZero();
        assertThat(element(document, "failure", 0).getAttribute("message"))
                .contains("</script><img src=x", "\\x1b[31m", "\\u202e");
        assertThat(element(document, "testsuite", 0).getAttribute("name")).contains("😀");
    }
}
