package dev.buildboss.ssh;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Arguments with places that a script's variables fill: all else in them is quoted. */
final class ShellTemplate {

    /** Begins and ends the name of a variable; no argument of a sane command has one. */
    private static final String MARK = "\u0001";

    private static final Pattern PLACE = Pattern.compile("@([A-Z]+)@");

    private ShellTemplate() {}

    /** A place for a variable of the script. */
    static String variable(String name) {
        return MARK + name + MARK;
    }

    static String quote(List<String> words) {
        return words.stream().map(ShellTemplate::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        if (!word.contains(MARK)) {
            return ShellQuote.quote(word);
        }
        StringBuilder result = new StringBuilder();
        String[] parts = word.split(MARK, -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                result.append("\"$").append(parts[i]).append('"');
            } else if (!parts[i].isEmpty()) {
                result.append(ShellQuote.quote(parts[i]));
            }
        }
        return result.toString();
    }

    /** Fills a script's {@code @NAME@} places, in one pass: a value may look like a place. */
    static String fill(String script, Map<String, String> values) {
        return PLACE.matcher(script).replaceAll(match -> {
            String value = values.get(match.group(1));
            return Matcher.quoteReplacement(value == null ? match.group() : value);
        });
    }
}
