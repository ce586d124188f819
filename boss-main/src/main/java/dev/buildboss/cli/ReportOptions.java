package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.report.format.ReportFormats;
import dev.buildboss.report.format.ReportInput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A summary for programs and pages: its form, and the file that it goes to. */
final class ReportOptions {

    @Option(
            names = "--format",
            paramLabel = "FORM",
            description = "Write the summary as ${COMPLETION-CANDIDATES} in place of text (see docs/reports.md).")
    private @Nullable ReportFormats format;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "With --format: write to FILE, not to standard output. It appears at once or not at all.")
    private @Nullable Path file;

    /** The form that was asked for; empty: text. */
    Optional<ReportFormats> format() {
        if (format == null && file != null) {
            throw new BuildbossException("--report needs --format (" + ReportFormats.names() + ")");
        }
        return Optional.ofNullable(format);
    }

    /** Writes it. */
    void write(ReportFormats form, ReportInput input, Surroundings around) {
        Path target = file == null ? null : around.resolve(file);
        try {
            if (target == null) {
                form.format().write(input, new OutputStreamWriter(around.out(), StandardCharsets.UTF_8));
                return;
            }
            Path aside = target.resolveSibling(target.getFileName() + ".new");
            try {
                try (Writer out = new BufferedWriter(Files.newBufferedWriter(aside, StandardCharsets.UTF_8))) {
                    form.format().write(input, out);
                }
                Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException e) {
            throw new BuildbossException("can't write the report to " + (target == null ? "standard output" : target)
                    + ": " + e.getMessage());
        }
    }
}
