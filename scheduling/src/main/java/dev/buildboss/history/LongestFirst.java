package dev.buildboss.history;

import dev.buildboss.model.Board;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order in which boards are best built as far as is known: the one that takes longest first (pure). */
public final class LongestFirst {

    private LongestFirst() {}

    /** The boards by what they took; one that was never built takes what its architecture's do, or all do, on average. */
    public static List<Board> order(List<Board> boards, List<BoardTimes> known) {
        Map<String, Double> times = new HashMap<>();
        Map<String, Mean> archs = new HashMap<>();
        Mean all = new Mean();
        for (BoardTimes one : known) {
            times.put(one.board(), one.expected());
            archs.computeIfAbsent(one.arch(), arch -> new Mean()).add(one.expected());
            all.add(one.expected());
        }
        List<Board> result = new ArrayList<>(boards);
        result.sort(Comparator.comparingDouble((Board board) -> -times.getOrDefault(
                board.target(), archs.getOrDefault(board.arch(), all).value())));
        return result;
    }

    private static final class Mean {
        private double sum;
        private int count;

        void add(double value) {
            sum += value;
            count++;
        }

        double value() {
            return count == 0 ? 0 : sum / count;
        }
    }
}
