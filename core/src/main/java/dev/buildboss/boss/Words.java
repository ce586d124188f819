package dev.buildboss.boss;

import dev.buildboss.text.Printable;

/** Makes a peer's words fit for messages. */
final class Words {

    private static final int MAX = 300;
    private static final int MAX_ERROR_TEXT = 4096;

    private Words() {}

    /** In quotes, cut, and with every character that a terminal could act on as {@code ?}. */
    static String quoted(String text) {
        return "'" + plain(text) + "'";
    }

    /** Cut, and with every character that a terminal could act on as {@code ?}. */
    static String plain(String text) {
        return plain(text, MAX);
    }

    /** The same for a log's line, which may be longer. */
    static String line(String text) {
        return plain(text, 2000);
    }

    /** The first 4 KiB of an error text, as it is. */
    static String beginning(String text) {
        if (text.length() <= MAX_ERROR_TEXT) {
            return text;
        }
        boolean cutsPair = Character.isHighSurrogate(text.charAt(MAX_ERROR_TEXT - 1));
        return text.substring(0, cutsPair ? MAX_ERROR_TEXT - 1 : MAX_ERROR_TEXT);
    }

    private static String plain(String text, int max) {
        StringBuilder result = new StringBuilder();
        text.codePoints().limit(max).forEach(c -> {
            result.appendCodePoint(Printable.isHarmless(c) ? c : '?');
        });
        if (text.codePointCount(0, text.length()) > max) {
            result.append('…');
        }
        return result.toString();
    }
}
