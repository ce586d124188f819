package dev.buildboss.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Boards with commits that nobody has, by architecture, and there the longest first; {@link WorkPlan} keeps them. */
final class WaitingBoards {

    private final Map<String, TreeSet<BoardWork>> queues = new LinkedHashMap<>();
    private double work;
    private double serial;
    private int size;

    /** The board that a worker gets; {@code mayCome}: there are some for it, if not now. */
    record Choice(Optional<BoardWork> board, boolean mayCome) {}

    void add(BoardWork board) {
        if (queues.computeIfAbsent(board.board.arch(), arch -> new TreeSet<>(BoardWork.LONGEST_FIRST))
                .add(board)) {
            size++;
            work += board.waiting.total();
            serial += board.waiting.serial();
        }
    }

    void remove(BoardWork board) {
        TreeSet<BoardWork> queue = queues.get(board.board.arch());
        if (queue != null && queue.remove(board)) {
            size--;
            work = size == 0 ? 0 : work - board.waiting.total();
            serial = size == 0 ? 0 : Math.max(0, serial - board.waiting.serial());
        }
    }

    int size() {
        return size;
    }

    /** Those of an architecture, the longest first. */
    Stream<BoardWork> of(String arch) {
        TreeSet<BoardWork> queue = queues.get(arch);
        return queue == null ? Stream.empty() : queue.stream();
    }

    /** The work of all of them, in core-seconds. */
    double work() {
        return work;
    }

    /** The serial part of that. */
    double serial() {
        return serial;
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
        for (Map.Entry<String, TreeSet<BoardWork>> queue : queues.entrySet()) {
            if (!worker.hasCompiler(queue.getKey())) {
                continue;
            }
            for (BoardWork candidate : queue.getValue()) {
                if (candidate.refuses(worker.name)) {
                    continue;
                }
                if (worker.holds(candidate)) {
                    mayCome |= worker.isClosing(candidate);
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
        return best == null || BoardWork.LONGEST_FIRST.compare(candidate, best) < 0 ? candidate : best;
    }

    /** All of them, the longest first. */
    Iterator<BoardWork> iterator() {
        List<TreeSet<BoardWork>> filled =
                queues.values().stream().filter(queue -> !queue.isEmpty()).toList();
        return filled.size() == 1 ? filled.get(0).iterator() : new Merged(filled);
    }

    /** The boards that none of these workers can build. */
    List<BoardWork> hopeless(Collection<WorkerState> workers) {
        List<BoardWork> result = new ArrayList<>();
        queues.forEach((arch, queue) -> {
            List<String> able = workers.stream()
                    .filter(state -> state.isThere() && state.hasCompiler(arch))
                    .map(state -> state.name)
                    .toList();
            for (BoardWork board : queue) {
                if (able.stream().allMatch(board::refuses)) {
                    result.add(board);
                }
            }
        });
        return result;
    }

    /** Several sorted queues as one. */
    private static final class Merged implements Iterator<BoardWork> {

        private record Head(BoardWork board, Iterator<BoardWork> rest) {}

        private final PriorityQueue<Head> heads =
                new PriorityQueue<>(Comparator.comparing(Head::board, BoardWork.LONGEST_FIRST));

        Merged(List<? extends Set<BoardWork>> queues) {
            queues.forEach(queue -> advance(queue.iterator()));
        }

        private void advance(Iterator<BoardWork> rest) {
            if (rest.hasNext()) {
                heads.add(new Head(rest.next(), rest));
            }
        }

        @Override
        public boolean hasNext() {
            return !heads.isEmpty();
        }

        @Override
        public BoardWork next() {
            Head head = heads.poll();
            if (head == null) {
                throw new NoSuchElementException();
            }
            advance(head.rest());
            return head.board();
        }
    }
}
