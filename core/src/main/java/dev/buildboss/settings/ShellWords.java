package dev.buildboss.settings;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into words as a POSIX shell does: white space parts them, quotes and backslashes keep it. Expands nothing. Pure. */
final class ShellWords {

    private ShellWords() {}

    /**
     * The words of a text.
     *
     * @throws IllegalArgumentException if a quote is not closed, or if nothing follows a backslash
     */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && escapes(text, i, quote)) {
                i++;
                within = true;
                word.append(text.charAt(i));
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                within = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (within) {
                    words.add(word.toString());
                    word.setLength(0);
                    within = false;
                }
            } else {
                word.append(c);
                within = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a " + quote + " is not closed");
        }
        if (within) {
            words.add(word.toString());
        }
        return words;
    }

    /** In double quotes a backslash is for itself, unless one of {@code $ ` " \} follows. */
    private static boolean escapes(String text, int backslash, char quote) {
        if (backslash + 1 == text.length()) {
            throw new IllegalArgumentException("nothing follows the last backslash");
        }
        return quote == 0 || "$`\"\\".indexOf(text.charAt(backslash + 1)) >= 0;
    }
}
