package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A line of a summary, in pieces that may have colours; its text is safe to print. */
public record TextLine(List<Piece> pieces) {

    /** Copies the list. */
    public TextLine {
        pieces = List.copyOf(pieces);
    }

    /** How a piece is to be shown. */
    public enum Tone {
        /** As it is. */
        PLAIN,
        /** Fixed. */
        GOOD,
        /** Newly warning. */
        WARNING,
        /** Newly failing. */
        BAD,
        /** Built for the first time. */
        NEW,
        /** Not known. */
        UNKNOWN
    }

    /** A piece of text. */
    public record Piece(Tone tone, String text) {
        /** Checks the parts. */
        public Piece {
            requireNonNull(tone, "tone");
            requireNonNull(text, "text");
        }
    }

    /** A line of one tone. */
    public static TextLine of(Tone tone, String text) {
        return new TextLine(List.of(new Piece(tone, text)));
    }

    /** A line as it is. */
    public static TextLine plain(String text) {
        return of(Tone.PLAIN, text);
    }

    /** The same with one more piece. */
    public TextLine and(Tone tone, String text) {
        List<Piece> more = new ArrayList<>(pieces);
        more.add(new Piece(tone, text));
        return new TextLine(more);
    }

    /** Its text without tones. */
    public String text() {
        return pieces.stream().map(Piece::text).collect(Collectors.joining());
    }
}
