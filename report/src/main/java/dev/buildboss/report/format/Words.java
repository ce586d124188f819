package dev.buildboss.report.format;

import dev.buildboss.model.Confirmation;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Severity;
import dev.buildboss.text.Printable;
import java.util.List;
import java.util.Locale;

/** Words that several forms of a report share. Pure. */
final class Words {

    private static final int SHORT_HASH = 10;

    private Words() {}

    /** A constant's name as data has it: {@code missing-blob}. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The first digits of a hash. */
    static String shortHash(String hash) {
        return hash.length() <= SHORT_HASH ? hash : hash.substring(0, SHORT_HASH);
    }

    /** A commit as a heading: {@code 02: subject}; or {@code current source}. */
    static String commit(ReportInput input, int index) {
        var commit = input.matrix().commits().get(index);
        return input.matrix().current()
                ? "current source"
                : String.format(Locale.ROOT, "%02d: %s", commit.number(), Printable.line(commit.subject()));
    }

    /** Text of at most so many characters; a cut one ends in {@code …}. Never cuts a character in two. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "…";
    }

    /** A verdict's word, for programs. */
    static String of(Confirmation.Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What building a failure again told, in harmless words. */
    static String of(Confirmation known) {
        String label = switch (known.verdict()) {
            case OPEN -> "";
            case CODE -> "the source: ";
            case FLAKE -> "a flake: ";
            case MACHINE -> "the machine: ";
            case FLAKE_OR_MACHINE -> "a flake or the machine: ";
        };
        return Printable.line(label + known.words());
    }

    /** The names, of many the first. */
    static String names(List<String> names, int most) {
        return names.size() <= most
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, most)) + " and " + (names.size() - most) + " more";
    }

    /** All that a cell said, harmless, up to a length. */
    static String said(CellReport cell, int most) {
        StringBuilder text = new StringBuilder();
        for (Diagnostic diagnostic : cell.diagnostics()) {
            for (String line : diagnostic.lines()) {
                text.append(Printable.line(line)).append('\n');
                if (text.length() > most) {
                    return cut(text.toString(), most);
                }
            }
        }
        return text.toString();
    }

    /** What is wrong with a failed cell, in one harmless line. */
    static String headline(CellReport cell, int most) {
        return cell.diagnostics().stream()
                .filter(d -> d.severity() == Severity.ERROR && !d.consequence())
                .findFirst()
                .or(() -> cell.diagnostics().stream()
                        .filter(d -> d.severity() != Severity.WARNING)
                        .findFirst())
                .map(d -> cut(Printable.line(d.headlineText()), most))
                .orElseGet(() -> "return code "
                        + cell.outcome().map(built -> built.returnCode()).orElse(-1));
    }
}
