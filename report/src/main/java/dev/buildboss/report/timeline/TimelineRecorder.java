package dev.buildboss.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes slices of a run's events as they come. Which thread of a machine builds a board is not told on the wire: a board gets the
 * lowest one that is free, so that there are as many as build at once. For one thread.
 */
public final class TimelineRecorder {

    private static final int MOST_SLICES = 1_000_000;

    private final Consumer<Slice> slices;
    private final Map<String, BitSet> busy = new HashMap<>();
    private final Map<String, Out> out = new HashMap<>();
    private final Map<String, State> states = new HashMap<>();
    /** Cells whose builds were told before their outcome. */
    private final Set<Cell> known = new HashSet<>();

    private int count;

    private record Out(String board, String machine, int slot, int left, long since) {}

    private record State(String name, long since) {}

    /** Hands each slice over when it is complete. */
    public TimelineRecorder(Consumer<Slice> slices) {
        this.slices = requireNonNull(slices, "slices");
    }

    /**
     * An event.
     *
     * @param nowMs when, in ms from the run's start; never less than before
     */
    public void event(long nowMs, BuildEvent event) {
        if (event instanceof BuildEvent.MachineChanged changed) {
            state(nowMs, changed.machine(), changed.state());
        } else if (event instanceof BuildEvent.BoardStarted started) {
            start(nowMs, started);
        } else if (event instanceof BuildEvent.CellDone done) {
            if (!known.remove(done.cell())) {
                done.machine().ifPresent(machine -> done(nowMs, machine, done.cell(), done.commit(), done.outcome()));
            }
        } else if (event instanceof BuildEvent.CellBuilt built) {
            known.add(built.cell());
            done(nowMs, built.machine(), built.cell(), built.commit(), built.outcome());
        } else if (event instanceof BuildEvent.BoardRequeued requeued) {
            Out board = out.remove(key(requeued.board(), requeued.machine()));
            if (board != null) {
                end(nowMs, board, "", "requeued");
            }
        } else if (event instanceof BuildEvent.RunEnded) {
            List.copyOf(out.values()).forEach(board -> end(nowMs, board, "", "not-built"));
            out.clear();
            new ArrayList<>(states.keySet()).forEach(machine -> leave(nowMs, machine));
        }
    }

    private void state(long nowMs, String machine, BuildEvent.MachineState state) {
        leave(nowMs, machine);
        switch (state) {
            case BUILDING, FINISHED, UNAVAILABLE, LOST -> {}
            default -> states.put(machine, new State(state.name().toLowerCase(Locale.ROOT), nowMs));
        }
    }

    private void leave(long nowMs, String machine) {
        State state = states.remove(machine);
        if (state != null) {
            put(new Slice(machine, 0, "", "", state.since, nowMs, state.name));
        }
    }

    private void start(long nowMs, BuildEvent.BoardStarted started) {
        BitSet slots = busy.computeIfAbsent(started.machine(), m -> new BitSet());
        int slot = slots.nextClearBit(1);
        slots.set(slot);
        out.put(
                key(started.board(), started.machine()),
                new Out(started.board(), started.machine(), slot, started.cells(), nowMs));
    }

    private void done(long nowMs, String machine, Cell cell, String commit, CellOutcome outcome) {
        Out board = out.remove(key(cell.board(), machine));
        if (board == null) {
            return;
        }
        if (board.left > 1) {
            put(new Slice(machine, board.slot, board.board, commit, board.since, nowMs, word(outcome)));
            out.put(key(board.board, machine), new Out(board.board, machine, board.slot, board.left - 1, nowMs));
        } else {
            end(nowMs, board, commit, word(outcome));
        }
    }

    private void end(long nowMs, Out board, String hash, String what) {
        put(new Slice(board.machine, board.slot, board.board, hash, board.since, nowMs, what));
        busy.computeIfAbsent(board.machine, m -> new BitSet()).clear(board.slot);
    }

    private void put(Slice slice) {
        if (count < MOST_SLICES) {
            count++;
            slices.accept(slice);
        }
    }

    private static String word(CellOutcome outcome) {
        return outcome instanceof Built built ? built.kind().name().toLowerCase(Locale.ROOT) : "not-built";
    }

    private static String key(String board, String machine) {
        return machine + "\n" + board;
    }
}
