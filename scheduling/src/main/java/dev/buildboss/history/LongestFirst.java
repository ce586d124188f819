package dev.buildboss.history;

import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order in which boards are best built as far as is known: the one that takes longest first (pure). */
public final class LongestFirst {

    private LongestFirst() {}

    /** The boards by what all their commits are expected to cost; those that cost the same keep their order. */
    public static List<Board> order(List<Board> boards, int commits, Estimates estimates) {
        Map<Board, Double> costs = new HashMap<>();
        for (Board board : boards) {
            double cost = estimates.first(board, 0).total();
            for (int commit = 1; commit < commits; commit++) {
                cost += estimates.next(board, commit).total();
            }
            costs.put(board, cost);
        }
        List<Board> result = new ArrayList<>(boards);
        result.sort(Comparator.comparingDouble(board -> -costs.getOrDefault(board, 0.0)));
        return result;
    }
}
