package dev.buildboss.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One command with places for what is known of a board: a word in braces inside of an argument, or an argument that is such a word
 * and nothing else, in whose place a list may come. Two braces are one brace. No shell sees it.
 *
 * @param argv the program and its arguments
 */
record CommandTemplate(List<String> argv) {

    private static final Pattern PLACE = Pattern.compile("\\{\\{|}}|\\{([A-Za-z][A-Za-z0-9_-]*)}|[{}]");

    CommandTemplate {
        argv = List.copyOf(argv);
    }

    /**
     * The command for one board.
     *
     * @param words texts by their names
     * @param lists lists by their names
     * @throws IllegalArgumentException if a place names neither, or a list stands inside of an argument, naming it
     */
    List<String> fill(Map<String, String> words, Map<String, List<String>> lists) {
        List<String> result = new ArrayList<>();
        for (String argument : argv) {
            Matcher whole = PLACE.matcher(argument);
            List<String> list = whole.matches() && whole.group(1) != null ? lists.get(whole.group(1)) : null;
            if (list != null) {
                result.addAll(list);
            } else {
                result.add(fill(argument, words, lists));
            }
        }
        if (result.isEmpty() || result.get(0).isEmpty()) {
            throw new IllegalArgumentException("a command without a program: " + argv);
        }
        return result;
    }

    private static String fill(String argument, Map<String, String> words, Map<String, List<String>> lists) {
        return PLACE.matcher(argument).replaceAll(place -> {
            if (place.group().equals("{{") || place.group().equals("}}")) {
                return place.group().substring(1);
            }
            String name = place.group(1);
            if (name == null) {
                throw new IllegalArgumentException("'" + argument + "' has a lone brace; write it twice");
            }
            if (lists.containsKey(name)) {
                throw new IllegalArgumentException(
                        "'" + argument + "': {" + name + "} is a list: give it an argument of its own");
            }
            String word = words.get(name);
            if (word == null) {
                throw new IllegalArgumentException("'" + argument + "': no board has a word {" + name + "}; there are "
                        + String.join(", ", words.keySet().stream().sorted().toList()) + ", "
                        + String.join(", ", lists.keySet().stream().sorted().toList()));
            }
            return Matcher.quoteReplacement(word);
        });
    }
}
