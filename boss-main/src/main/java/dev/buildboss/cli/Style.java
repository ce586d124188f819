package dev.buildboss.cli;

import dev.buildboss.report.Verdict.Tone;

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

    private String paint(String code, String text) {
        return colours ? code + text + RESET : text;
    }
}
