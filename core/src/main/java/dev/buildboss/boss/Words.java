package dev.buildboss.boss;

/** Makes a peer's words fit for messages. */
final class Words {

    private static final int MAX = 300;

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

    private static String plain(String text, int max) {
        StringBuilder result = new StringBuilder();
        text.codePoints().limit(max).forEach(c -> {
            boolean harmless = !Character.isISOControl(c)
                    && Character.getType(c) != Character.FORMAT
                    && Character.getType(c) != Character.SURROGATE;
            result.appendCodePoint(harmless ? c : '?');
        });
        if (text.codePointCount(0, text.length()) > max) {
            result.append('…');
        }
        return result.toString();
    }
}
