package dev.buildboss.report.format;

import static dev.buildboss.report.format.Reports.cell;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, by its keys: nothing of it needs a mouse. */
@Tag("process")
class HtmlKeyboardTest {

    @TempDir
    private Path temp;

    private Browser open() throws Exception {
        Reports reports = new Reports()
                .subject("one")
                .subject("two")
                .board("ash", cell(0, ""), cell(0, ""))
                .board("elm", cell(0, ""), cell(0, "b.c:1:1: warning: odd\n"))
                .board("oak", cell(0, ""), cell(2, "a.c:3:7: error: no such thing\n"));
        Path page = temp.resolve("page.html");
        Files.writeString(page, Reports.written(ReportFormats.HTML, reports.input(temp)));
        return Browser.open(temp.resolve("profile"), page.toUri());
    }

    private static void tabTo(Browser browser, String name) throws Exception {
        for (int i = 0; i < 30 && !browser.focused().equals(name); i++) {
            browser.press("Tab");
        }
        assertThat(browser.focused()).isEqualTo(name);
    }

    @Test
    void tabArrowsAndEnterOpenACell() throws Exception {
        try (Browser browser = open()) {
            tabTo(browser, "filter");
            tabTo(browser, "ash, 01 one: ok");
            browser.press("ArrowDown", "ArrowDown", "ArrowRight");
            assertThat(browser.focused()).isEqualTo("oak, 02 two: failed, changed here");
            browser.press("ArrowDown", "ArrowRight"); // there is nothing more
            assertThat(browser.focused()).isEqualTo("oak, 02 two: failed, changed here");

            browser.press("Enter");

            assertThat(browser.text("document.getElementById('detail').textContent"))
                    .contains("oak", "return code 2", "no such thing");
            assertThat(browser.text("document.querySelectorAll('[aria-selected=true]').length"))
                    .isEqualTo("1");
            browser.press("Home", "ArrowUp");
            assertThat(browser.focused()).isEqualTo("elm, 01 one: ok");
            assertThat(browser.text("document.querySelectorAll('#space [tabindex=\"0\"]').length"))
                    .as("one cell is a stop for Tab")
                    .isEqualTo("1");
        }
    }

    @Test
    void theFilterFindsBoardsByNameAndByWhatTheirBuildsSaid() throws Exception {
        try (Browser browser = open()) {
            String shown = "[...document.querySelectorAll('[role=rowheader]')].map(e => e.firstChild.data).join()";
            tabTo(browser, "filter");
            browser.type("no such");
            assertThat(browser.text(shown)).isEqualTo("oak");
            assertThat(browser.text("document.getElementById('shown').textContent"))
                    .isEqualTo("1 board of 3 shown.");
            browser.text("document.getElementById('filter').select()");
            browser.type("elm");
            assertThat(browser.text(shown)).isEqualTo("elm");
            tabTo(browser, "elm, 01 one: ok");
            browser.press("End", "Enter");
            assertThat(browser.text("document.getElementById('detail').textContent"))
                    .contains("odd");
        }
    }

    @Test
    void followsTheReadersSystemIntoTheDark() throws Exception {
        String background = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 128";
        String text = "getComputedStyle(document.body).color.match(/\\d+/g)[0] < 128";
        try (Browser browser = open()) {
            browser.scheme("light");
            assertThat(browser.text(background)).isEqualTo("false");
            assertThat(browser.text(text)).isEqualTo("true");
            browser.scheme("dark");
            assertThat(browser.text(background)).isEqualTo("true");
            assertThat(browser.text(text)).isEqualTo("false");
        }
    }
}
