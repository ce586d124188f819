package dev.buildboss.boards;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Which boards of a list are meant: terms that are OR-ed, {@code &} joins terms with AND, exclusions, and exact names.
 *
 * <p>A term is a regular expression that is matched at its start against target, architecture, CPU, board name, vendor, SoC and
 * options. Without terms and names all boards are meant. Boards that are not active are never chosen.
 *
 * @param terms the arguments of the command line, such as {@code freescale & arm sandbox}
 * @param exclude regular expressions, each as for a term
 * @param names exact targets
 */
public record BoardChoice(List<String> terms, List<String> exclude, List<String> names) {

    private static final int MAX_TERM = 1000;

    /** Copies the lists. */
    public BoardChoice {
        terms = List.copyOf(terms);
        exclude = List.copyOf(exclude);
        names = List.copyOf(names);
    }

    /** All boards. */
    public static BoardChoice all() {
        return new BoardChoice(List.of(), List.of(), List.of());
    }

    /**
     * The chosen boards, sorted by target.
     *
     * @throws BuildbossException if a name is no board of the list, an expression can't be read, or nothing is chosen
     */
    public List<Board> from(BoardList list) {
        Map<String, Board> chosen = new LinkedHashMap<>();
        for (String name : names) {
            Board board = list.find(name).orElseThrow(() -> unknown(name, list));
            if (!board.active()) {
                throw new BuildbossException("board " + name + " is not active in the board list");
            }
            chosen.put(name, board);
        }
        List<List<Pattern>> alternatives = alternatives();
        List<Pattern> unwanted = exclude.stream().map(BoardChoice::pattern).toList();
        if (names.isEmpty() || !alternatives.isEmpty()) {
            list.all().stream()
                    .filter(Board::active)
                    .filter(board -> alternatives.isEmpty()
                            || alternatives.stream()
                                    .anyMatch(all -> all.stream().allMatch(p -> matches(p, board))))
                    .forEach(board -> chosen.putIfAbsent(board.target(), board));
        }
        List<Board> result = chosen.values().stream()
                .filter(board -> unwanted.stream().noneMatch(p -> matches(p, board)))
                .sorted(java.util.Comparator.comparing(Board::target))
                .toList();
        if (result.isEmpty()) {
            throw new BuildbossException("no boards match" + hint(list));
        }
        return result;
    }

    private static BuildbossException unknown(String name, BoardList list) {
        List<String> near = Nearest.all(name, list.targets(), 3);
        return new BuildbossException("unknown board: " + Printable.line(name)
                + (near.isEmpty() ? "" : " (did you mean " + String.join(", ", near) + "?)"));
    }

    private String hint(BoardList list) {
        if (terms.isEmpty()) {
            return "";
        }
        String words = Printable.line(String.join(" ", terms));
        Set<String> names = new TreeSet<>(list.targets());
        list.all().forEach(board -> properties(board).forEach(names::add));
        List<String> near = words().stream()
                .filter(term -> !names.contains(term))
                .flatMap(term -> Nearest.all(term, names, 3).stream())
                .distinct()
                .limit(3)
                .toList();
        return ": " + words + (near.isEmpty() ? "" : " (did you mean " + String.join(", ", near) + "?)");
    }

    /** The terms as alternatives, each of which is a list that must match as a whole. */
    private List<List<Pattern>> alternatives() {
        List<List<Pattern>> result = new ArrayList<>();
        boolean joined = false;
        for (String word : words()) {
            if (word.equals("&")) {
                if (result.isEmpty() || joined) {
                    throw new BuildbossException("'&' stands between two terms, as in: freescale & arm");
                }
                joined = true;
            } else if (joined) {
                result.get(result.size() - 1).add(pattern(word));
                joined = false;
            } else {
                result.add(new ArrayList<>(List.of(pattern(word))));
            }
        }
        if (joined) {
            throw new BuildbossException("'&' stands between two terms, as in: freescale & arm");
        }
        return result;
    }

    private List<String> words() {
        return terms.stream()
                .flatMap(term -> Stream.of(term.replace("&", " & ").strip().split("\\s+")))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Pattern pattern(String term) {
        if (term.length() > MAX_TERM) {
            throw new BuildbossException("a board term is longer than " + MAX_TERM + " characters");
        }
        try {
            return Pattern.compile(term);
        } catch (PatternSyntaxException e) {
            throw new BuildbossException(
                    "not a regular expression: " + Printable.line(term) + " (" + e.getDescription() + ")", e);
        }
    }

    private static boolean matches(Pattern pattern, Board board) {
        return properties(board).anyMatch(property -> pattern.matcher(property).lookingAt());
    }

    /** What terms are matched against. */
    private static Stream<String> properties(Board board) {
        return Stream.of(
                        board.target(),
                        board.arch(),
                        board.cpu(),
                        board.boardName(),
                        board.vendor(),
                        board.soc(),
                        board.config())
                .filter(property -> !property.isEmpty());
    }
}
