package dev.buildboss.report.format;

import java.io.IOException;
import java.io.Writer;

/** One form of a report. Safe for threads: it keeps nothing between calls. */
public interface ReportFormat {

    /**
     * Writes a whole report.
     *
     * @param input what it tells
     * @param out where to; UTF-8 is what readers expect; flushed, not closed
     * @throws IOException if {@code out} fails
     */
    void write(ReportInput input, Writer out) throws IOException;
}
