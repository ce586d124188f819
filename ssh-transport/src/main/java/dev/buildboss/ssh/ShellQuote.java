package dev.buildboss.ssh;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text as words of a POSIX shell; the one place where strings of others meet a command line. */
final class ShellQuote {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+:,./-]+");

    private ShellQuote() {}

    /**
     * One word that the shell takes as it is.
     *
     * @throws IllegalArgumentException if it has a NUL, which no word can have
     */
    static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in '" + text.replace('\0', '?') + "'");
        }
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Words in order. */
    static String quote(List<String> words) {
        return words.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
    }

    /**
     * A path there; a leading {@code ~} is the home there, and a path that begins with {@code -} is kept from being an option.
     *
     * @throws IllegalArgumentException if it is another user's home, or empty
     */
    static String path(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("an empty path");
        }
        if (path.equals("~")) {
            return "\"$HOME\"";
        }
        if (path.startsWith("~/")) {
            return "\"$HOME\"/" + quote(path.substring(2));
        }
        if (path.startsWith("~")) {
            throw new IllegalArgumentException("'" + path + "': only ~/ is understood, not another user's home");
        }
        return quote(path.startsWith("-") ? "./" + path : path);
    }
}
