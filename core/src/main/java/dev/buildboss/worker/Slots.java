package dev.buildboss.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which build thread is doing what, and which boards wait. Pure.
 *
 * <p>A slot is preparing its worktree, free, building, or broken (its worktree could not be made).
 */
final class Slots {
    private final TreeSet<Integer> preparing = new TreeSet<>();
    private final TreeSet<Integer> free = new TreeSet<>();
    private final TreeMap<Integer, GivenBoard> building = new TreeMap<>();
    private final Deque<GivenBoard> waiting = new ArrayDeque<>();
    private String trouble = "";
    private int exceptions;

    Slots(int count) {
        for (int i = 0; i < count; i++) {
            preparing.add(i);
        }
    }

    /** One more board to build. */
    void add(GivenBoard board) {
        waiting.add(board);
    }

    /** A slot's worktree is there. */
    void ready(int slot) {
        if (preparing.remove(slot)) {
            free.add(slot);
        }
    }

    /** A slot's worktree can't be made. */
    void broken(int slot, String why) {
        preparing.remove(slot);
        trouble = why;
    }

    /** A slot is through with its board. */
    void ended(int slot, boolean asExpected) {
        if (building.remove(slot) != null) {
            free.add(slot);
            exceptions += asExpected ? 0 : 1;
        }
    }

    /** The next board to start, if there are a board and a slot for it; it counts as building from now on. */
    Optional<Start> next() {
        if (waiting.isEmpty() || free.isEmpty()) {
            return Optional.empty();
        }
        int slot = free.pollFirst();
        GivenBoard board = waiting.remove();
        building.put(slot, board);
        return Optional.of(new Start(slot, board));
    }

    /** Boards that nobody will ever build, since every slot is broken; they are no longer waiting then. */
    List<GivenBoard> hopeless() {
        if (!preparing.isEmpty() || !free.isEmpty() || !building.isEmpty()) {
            return List.of();
        }
        List<GivenBoard> result = List.copyOf(waiting);
        waiting.clear();
        return result;
    }

    /** Why the last broken slot is broken. */
    String trouble() {
        return trouble;
    }

    /** Whether all worktrees are there, or known to be impossible. */
    boolean isPrepared() {
        return preparing.isEmpty();
    }

    /** Whether nothing is at work and nothing waits. */
    boolean isIdle() {
        return preparing.isEmpty() && building.isEmpty() && waiting.isEmpty();
    }

    /** Boards that failed in an unexpected way. */
    int exceptions() {
        return exceptions;
    }

    /** A sign of life for each board that is being built or waits. */
    List<Start> alive() {
        List<Start> result = new ArrayList<>();
        building.forEach((slot, board) -> result.add(new Start(slot, board)));
        int slot = 0;
        for (GivenBoard board : waiting) {
            result.add(new Start(slot++, board));
        }
        return result;
    }

    /** A board and its slot. */
    record Start(int slot, GivenBoard board) {}
}
