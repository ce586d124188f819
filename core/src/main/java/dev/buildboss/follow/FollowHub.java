package dev.buildboss.follow;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Cell;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Who follows which boards of a run. Whoever talks to workers listens for changes, and hands logs in. Safe for threads; never waits. */
public final class FollowHub {

    /** People at once. */
    static final int MAX_FOLLOWERS = 16;

    private static final BitSet NONE = new BitSet();

    private final Map<String, Integer> left = new HashMap<>();
    private final List<Follower> followers = new ArrayList<>();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final Map<String, BitSet> decided = new HashMap<>();
    private boolean over;

    /** A hub without boards: see {@link #expect}. */
    public FollowHub() {}

    /** What is to be built: how many cells of each board. */
    public synchronized void expect(Map<String, Integer> cells) {
        left.putAll(cells);
    }

    /** Is told, from now on, each board for which the number of {@link #watchers} changed; must return at once. */
    public synchronized void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Is told no more. */
    public synchronized void stopListening(Consumer<String> listener) {
        listeners.remove(listener);
    }

    /** How many follow a board. */
    public synchronized int watchers(String board) {
        return (int) followers.stream()
                .filter(follower -> follower.boards().contains(board))
                .count();
    }

    /**
     * Somebody begins to follow.
     *
     * @throws BuildbossException if there is no such board in the run, or there are too many followers
     */
    Follower follow(Set<String> boards) {
        Follower follower = new Follower(boards);
        synchronized (this) {
            Set<String> unknown = new TreeSet<>(boards);
            unknown.removeAll(left.keySet());
            if (!unknown.isEmpty()) {
                throw new BuildbossException("this run builds no " + String.join(", ", unknown)
                        + " (or has it already: see its log in the results)");
            }
            if (followers.size() >= MAX_FOLLOWERS || over) {
                throw new BuildbossException(over ? "the run is over" : "too many follow this run already");
            }
            followers.add(follower);
            boards.stream()
                    .filter(board -> left.getOrDefault(board, 0) == 0)
                    .forEach(board -> follower.ended(board, "built"));
        }
        tell(boards);
        return follower;
    }

    /** Somebody ends it. */
    void leave(Follower follower) {
        synchronized (this) {
            followers.remove(follower);
        }
        follower.end();
        tell(follower.boards());
    }

    private void tell(Set<String> boards) {
        List<Consumer<String>> told;
        synchronized (this) {
            told = List.copyOf(listeners);
        }
        told.forEach(listener -> boards.forEach(listener));
    }

    /** A piece of a board's log; nothing, if that cell has its outcome. */
    public synchronized void log(String board, int commit, String machine, String text) {
        if (!decided.getOrDefault(board, NONE).get(commit)) {
            followers.forEach(follower -> follower.log(board, commit, machine, text));
        }
    }

    /** A machine has built a cell. */
    public synchronized void built(String board, int commit, String machine) {
        followers.forEach(follower -> follower.built(board, commit, machine));
    }

    /** A machine is gone, or builds no more. */
    public synchronized void left(String machine) {
        followers.forEach(follower -> follower.left(machine));
    }

    /** A cell has its outcome, from that machine; with the last of its board's the log is whole. */
    public synchronized void cellDone(Cell cell, Optional<String> machine) {
        String board = cell.board();
        Integer before = left.get(board);
        if (before == null || before == 0) {
            return;
        }
        left.put(board, before - 1);
        decided.computeIfAbsent(board, key -> new BitSet()).set(cell.commit());
        followers.forEach(follower -> follower.decided(board, cell.commit(), machine));
        if (before == 1) {
            decided.remove(board);
            followers.forEach(follower -> follower.ended(board, "built"));
        }
    }

    /** The run is over. */
    public synchronized void end() {
        over = true;
        followers.forEach(Follower::end);
    }
}
