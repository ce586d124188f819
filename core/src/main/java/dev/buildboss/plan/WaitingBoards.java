package dev.buildboss.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Boards without a worker, by architecture and then by their place in the order; {@link WorkPlan} keeps them. */
final class WaitingBoards {

    private final Map<String, TreeMap<Integer, BoardWork>> queues = new LinkedHashMap<>();

    /** The board that a worker gets; {@code mayCome}: there are some for it, if not now. */
    record Choice(Optional<BoardWork> board, boolean mayCome) {}

    void add(BoardWork work) {
        queues.computeIfAbsent(work.board.arch(), arch -> new TreeMap<>()).put(work.order, work);
    }

    void remove(BoardWork work) {
        TreeMap<Integer, BoardWork> queue = queues.get(work.board.arch());
        if (queue != null) {
            queue.remove(work.order);
        }
    }

    /**
     * The first board for a worker; one that it was lost with only if there is no other.
     *
     * @param takes whether it may have any now
     * @param free whether it may have that board now
     */
    Choice choose(WorkerState worker, boolean takes, Predicate<BoardWork> free) {
        boolean mayCome = false;
        BoardWork best = null;
        BoardWork second = null;
        for (Map.Entry<String, TreeMap<Integer, BoardWork>> queue : queues.entrySet()) {
            if (!worker.hasCompiler(queue.getKey())) {
                continue;
            }
            for (BoardWork candidate : queue.getValue().values()) {
                if (candidate.failedOn.contains(worker.name)) {
                    continue;
                }
                mayCome = true;
                if (!takes) {
                    break;
                }
                if (free.test(candidate)) {
                    if (!candidate.lostWith.contains(worker.name)) {
                        best = earlier(best, candidate);
                        break;
                    }
                    second = earlier(second, candidate);
                }
            }
        }
        return new Choice(Optional.ofNullable(best != null ? best : second), mayCome);
    }

    private static BoardWork earlier(@Nullable BoardWork best, BoardWork candidate) {
        return best == null || candidate.order < best.order ? candidate : best;
    }

    /** The boards that none of these workers can build. */
    List<BoardWork> hopeless(Collection<WorkerState> workers) {
        List<BoardWork> result = new ArrayList<>();
        queues.forEach((arch, queue) -> {
            List<String> able = workers.stream()
                    .filter(state -> state.isThere() && state.hasCompiler(arch))
                    .map(state -> state.name)
                    .toList();
            for (BoardWork work : queue.values()) {
                if (able.isEmpty() || (!work.failedOn.isEmpty() && work.failedOn.containsAll(able))) {
                    result.add(work);
                }
            }
        });
        return result;
    }
}
