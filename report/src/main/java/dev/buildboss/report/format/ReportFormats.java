package dev.buildboss.report.format;

import java.util.Arrays;
import java.util.Locale;

/** The forms that a report can have, by the names that a command line uses. */
public enum ReportFormats {
    /** All of the summary, for programs. */
    JSON,
    /** Test results that CI servers show: a suite a commit, a case a board. */
    JUNIT,
    /** The diagnostics of the last commit, which code hosts show beside the source. */
    SARIF,
    /** A few lines for a pull request. */
    MARKDOWN,
    /** A page for a person, which opens from disk. */
    HTML;

    /** What writes it. */
    public ReportFormat format() {
        return switch (this) {
            case JSON -> new JsonReport();
            case JUNIT -> new JUnitReport();
            case SARIF -> new SarifReport();
            case MARKDOWN -> new MarkdownReport();
            case HTML -> new HtmlReport();
        };
    }

    /** Its name: {@code json}, {@code junit}, … */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names, for a help text. */
    public static String names() {
        return String.join(
                ", ", Arrays.stream(values()).map(ReportFormats::toString).toList());
    }
}
