package dev.buildboss.cli;

import dev.buildboss.report.Verdict.Tone;
import dev.buildboss.report.summary.TextLine;

/** Colours for the terminal, or none. */
record Style(boolean colours) {

    private static final String RESET = "\u001b[0m";

    String green(String text) {
        return paint("\u001b[32m", text);
    }

    String yellow(String text) {
        return paint("\u001b[33m", text);
    }

    String red(String text) {
        return paint("\u001b[31m", text);
    }

    String toned(Tone tone, String text) {
        return switch (tone) {
            case PLAIN -> text;
            case GOOD -> green(text);
            case WARNING -> yellow(text);
            case BAD -> red(text);
        };
    }

    String toned(TextLine.Tone tone, String text) {
        return switch (tone) {
            case PLAIN -> text;
            case GOOD -> green(text);
            case WARNING -> yellow(text);
            case BAD -> red(text);
            case NEW -> paint("\u001b[34m", text);
            case UNKNOWN -> paint("\u001b[35m", text);
        };
    }

    private String paint(String code, String text) {
        return colours ? code + text + RESET : text;
    }
}
