package dev.buildboss.text;

import java.util.Locale;

/** Makes text of unknown origin safe to print: what a terminal would act on becomes visible. Pure. */
public final class Printable {

    private Printable() {}

    /** One line: control characters (line ends and tabs included) and invisible formats as escapes such as {@code \x1b}. */
    public static String line(String text) {
        return escape(text, false);
    }

    /** Several lines: as {@link #line}, but line feeds and tabs stay. */
    public static String lines(String text) {
        return escape(text, true);
    }

    /** Whether a terminal, an editor or a log's reader only shows that code point, and does nothing else with it. */
    public static boolean isHarmless(int c) {
        return !Character.isISOControl(c) && !isInvisible(c);
    }

    private static String escape(String text, boolean keepLines) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (keepLines && (c == '\n' || c == '\t')) {
                result.appendCodePoint(c);
            } else if (Character.isISOControl(c)) {
                result.append(String.format(Locale.ROOT, "\\x%02x", c));
            } else if (isInvisible(c)) {
                result.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                result.appendCodePoint(c);
            }
        });
        return result.toString();
    }

    /** Whether nothing of it has to be escaped, as of nearly all text. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A pair of surrogates is looked at as one code point, by those who escape.
            if (c < ' ' || (c > '~' && (Character.isSurrogate(c) || !isHarmless(c)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInvisible(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
