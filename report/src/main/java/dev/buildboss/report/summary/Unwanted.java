package dev.buildboss.report.summary;

import dev.buildboss.report.results.Diagnostic;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Kinds of diagnostics that a person may not want to see. */
public final class Unwanted {

    private static final Pattern DTC = Pattern.compile("[^:\\s][^:]*(?::[\\d.-]+)?: Warning \\(\\w+\\): .*");
    private static final Pattern MIGRATION = Pattern.compile("/migration\\.rst|does not use CONFIG_\\w+ ?\\(");

    private Unwanted() {}

    /** Warnings of the device-tree compiler ({@code -y}). */
    public static Predicate<Diagnostic> deviceTreeWarnings() {
        return diagnostic -> DTC.matcher(diagnostic.headlineText()).matches();
    }

    /** Warnings that a board has yet to move to a newer interface of U-Boot ({@code -Y}). */
    public static Predicate<Diagnostic> migrationWarnings() {
        return diagnostic -> diagnostic.lines().stream()
                .anyMatch(line -> MIGRATION.matcher(line).find());
    }
}
