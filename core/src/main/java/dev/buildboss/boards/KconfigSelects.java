package dev.buildboss.boards;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which Kconfig symbols select which, as far as that holds whatever else is set: {@code select X} without an {@code if}. A light
 * scan of the text, not an evaluation. Not safe for threads.
 */
final class KconfigSelects {

    /** Symbol to those that select it. */
    private final Map<String, Set<String>> selectedBy = new HashMap<>();

    /** Takes in one file. */
    void add(String text) {
        String symbol = "";
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            String line = raw.strip();
            int space = firstBlank(line);
            String word = space < 0 ? line : line.substring(0, space);
            String rest = space < 0 ? "" : line.substring(space).strip();
            switch (word) {
                case "config", "menuconfig" -> symbol = rest;
                case "choice", "endchoice", "menu", "endmenu", "if", "endif", "source", "comment" -> symbol = "";
                case "select" -> {
                    if (!symbol.isEmpty() && !rest.isEmpty() && firstBlank(rest) < 0) {
                        selectedBy
                                .computeIfAbsent(rest, key -> new HashSet<>())
                                .add(symbol);
                    }
                }
                default -> {
                    // prompts, defaults and help say nothing of selects
                }
            }
        }
    }

    private static int firstBlank(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == ' ' || line.charAt(i) == '\t') {
                return i;
            }
        }
        return -1;
    }

    /** A symbol and all that select it, directly or through others. */
    Set<String> allThatSelect(String symbol) {
        Set<String> found = new HashSet<>(Set.of(symbol));
        Deque<String> open = new ArrayDeque<>(found);
        while (!open.isEmpty()) {
            for (String by : selectedBy.getOrDefault(open.pop(), Set.of())) {
                if (found.add(by)) {
                    open.push(by);
                }
            }
        }
        return found;
    }
}
