package dev.buildboss.boards;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which Kconfig symbols select which, as far as that holds whatever else is set: {@code select X} without an {@code if}. A light
 * scan of the text, not an evaluation. Not safe for threads.
 *
 * <p>A choice's default counts for a configuration that has none of its members, as a defconfig does not name what is the default.
 */
final class KconfigSelects {

    private static final String UNKNOWN = "?";

    /** Symbol to those that select it. */
    private final Map<String, Set<String>> selectedBy = new HashMap<>();

    private final List<Choice> choices = new ArrayList<>();

    /** A choice: it is offered where all conditions are set; without any, it is not known where. */
    private record Choice(List<String> conditions, List<String> members, List<String> defaults) {
        String usual() {
            return !defaults.isEmpty() ? defaults.get(0) : members.isEmpty() ? UNKNOWN : members.get(0);
        }

        boolean isDefaultIn(Set<String> symbols) {
            return !conditions.isEmpty() && symbols.containsAll(conditions) && Collections.disjoint(symbols, members);
        }
    }

    /**
     * Takes in one file.
     *
     * @param readUnder symbols that are set where the file is read; empty: not known
     * @param text the file
     */
    void add(List<String> readUnder, String text) {
        Deque<String> conditions = new ArrayDeque<>(readUnder);
        String symbol = "";
        Choice choice = new Choice(List.of(), new ArrayList<>(), new ArrayList<>());
        boolean inChoice = false;
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            String line = raw.strip();
            int space = firstBlank(line);
            String word = space < 0 ? line : line.substring(0, space);
            String rest = space < 0 ? "" : line.substring(space).strip();
            switch (word) {
                case "config", "menuconfig" -> {
                    symbol = rest;
                    if (inChoice) {
                        choice.members().add(rest);
                    }
                }
                case "choice" -> {
                    symbol = "";
                    inChoice = true;
                    choice = new Choice(List.copyOf(conditions), new ArrayList<>(), new ArrayList<>());
                }
                case "endchoice" -> {
                    symbol = "";
                    inChoice = false;
                    choices.add(choice);
                }
                case "if" -> conditions.push(isSymbol(rest) ? rest : UNKNOWN);
                case "endif" -> conditions.poll();
                case "menu", "endmenu", "source", "comment" -> symbol = "";
                case "default" -> {
                    if (inChoice && symbol.isEmpty() && isSymbol(rest)) {
                        choice.defaults().add(rest);
                    }
                }
                case "select" -> select(symbol, rest);
                default -> {
                    // prompts and help say nothing of selects
                }
            }
        }
    }

    private void select(String symbol, String rest) {
        if (!symbol.isEmpty() && isSymbol(rest)) {
            selectedBy.computeIfAbsent(rest, key -> new HashSet<>()).add(symbol);
        }
    }

    private static boolean isSymbol(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c));
    }

    private static int firstBlank(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == ' ' || line.charAt(i) == '\t') {
                return i;
            }
        }
        return -1;
    }

    /** The defaults of choices that a configuration leaves open. */
    Set<String> defaultsOf(Set<String> symbols) {
        Set<String> result = new HashSet<>();
        for (Choice choice : choices) {
            if (choice.isDefaultIn(symbols)) {
                result.add(choice.usual());
            }
        }
        return result;
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
