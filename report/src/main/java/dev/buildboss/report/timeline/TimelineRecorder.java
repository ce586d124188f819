package dev.buildboss.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.report.timeline.Slice.Phase;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes slices of a run's events as they come. Which thread of a machine builds a board is not told on the wire: a board gets the
 * lowest one that is free, so that there are as many as build at once. For one thread.
 */
public final class TimelineRecorder {

    private static final int MOST_SLICES = 1_000_000;
    /** Phases that are shorter are a part of the next one; nor is it shown that a board ends so soon after its last cell. */
    private static final long LEAST_MS = 10;

    private final Consumer<Slice> slices;
    private final Map<String, BitSet> busy = new HashMap<>();
    private final Map<String, Out> out = new HashMap<>();
    /** What was said of the cell that is next to end, of each board and machine. */
    private final Map<String, BuildEvent.CellTimed> times = new HashMap<>();

    private final Map<String, State> states = new HashMap<>();
    /** Cells whose builds were told before their outcome. */
    private final Set<Cell> known = new HashSet<>();

    private int count;

    /** A board at a machine; {@code lostMs}: when that was lost, and the thread free. */
    private record Out(String board, String machine, int slot, int left, long since, OptionalLong lostMs) {

        /** When what is told now was; what is told of a lost machine was before its loss. */
        private long at(long nowMs) {
            return lostMs.orElse(nowMs);
        }
    }

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
            if (changed.state() == BuildEvent.MachineState.LOST) {
                lose(nowMs, changed.machine());
            }
        } else if (event instanceof BuildEvent.BoardStarted started) {
            start(nowMs, started);
        } else if (event instanceof BuildEvent.CellDone done) {
            if (!known.remove(done.cell())) {
                done.machine().ifPresent(machine -> done(nowMs, machine, done.cell(), done.commit(), done.outcome()));
            }
        } else if (event instanceof BuildEvent.CellTimed timed) {
            if (out.containsKey(key(timed.cell().board(), timed.machine()))) {
                times.put(key(timed.cell().board(), timed.machine()), timed);
            }
        } else if (event instanceof BuildEvent.CellBuilt built) {
            known.add(built.cell());
            done(nowMs, built.machine(), built.cell(), built.commit(), built.outcome());
        } else if (event instanceof BuildEvent.BoardRequeued requeued) {
            Out board = out.remove(key(requeued.board(), requeued.machine()));
            if (board != null) {
                end(nowMs, board, "", "requeued");
            }
        } else if (event instanceof BuildEvent.BoardEnded ended) {
            Out board = out.remove(key(ended.board(), ended.machine()));
            if (board != null) {
                givenBack(nowMs, board);
            }
        } else if (event instanceof BuildEvent.RunEnded) {
            out.values().forEach(board -> end(nowMs, board, "", "not-built"));
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
        String key = key(started.board(), started.machine());
        Out before = out.remove(key);
        if (before != null && before.lostMs.isPresent()) {
            end(nowMs, before, "", "not-built");
        } else if (before != null) { // its end was missed, and with it what became of it
            times.remove(key);
            free(before);
        }
        BitSet slots = busy.computeIfAbsent(started.machine(), m -> new BitSet());
        int slot = slots.nextClearBit(1);
        slots.set(slot);
        out.put(key, new Out(started.board(), started.machine(), slot, started.cells(), nowMs, OptionalLong.empty()));
    }

    /** Its boards ended with it. What became of each is told by another way than the loss, before or after it. */
    private void lose(long nowMs, String machine) {
        out.replaceAll((key, board) -> {
            if (!board.machine.equals(machine) || board.lostMs.isPresent()) {
                return board;
            }
            free(board);
            return new Out(board.board, machine, board.slot, board.left, board.since, OptionalLong.of(nowMs));
        });
    }

    private void done(long nowMs, String machine, Cell cell, String commit, CellOutcome outcome) {
        Out board = out.remove(key(cell.board(), machine));
        if (board == null) {
            return;
        }
        long end = board.at(nowMs);
        built(end, board, commit, word(outcome));
        if (board.left > 1) {
            out.put(
                    key(board.board, machine),
                    new Out(board.board, machine, board.slot, board.left - 1, end, board.lostMs));
        } else {
            free(board);
        }
    }

    /** A cell's time by its phases, the last one to its end, as far as the machine said how long they took. */
    private void built(long nowMs, Out board, String hash, String what) {
        BuildEvent.CellTimed timed = times.remove(key(board.board, board.machine));
        if (timed == null) {
            put(new Slice(board.machine, board.slot, board.board, hash, board.since, nowMs, what));
            return;
        }
        long build = Math.max(board.since, nowMs - timed.building().toMillis());
        long configure = Math.max(board.since, build - timed.configuring().toMillis());
        if (configure - board.since < LEAST_MS) {
            configure = board.since; // a checkout in no time
        }
        if (build - configure < LEAST_MS) {
            build = configure;
        }
        put(board, hash, board.since, configure, what, Phase.PREPARE);
        put(board, hash, configure, build, what, Phase.CONFIGURE);
        put(new Slice(board.machine, board.slot, board.board, hash, build, nowMs, what, Phase.BUILD));
    }

    private void put(Out board, String hash, long begin, long end, String what, Phase phase) {
        if (end > begin) {
            put(new Slice(board.machine, board.slot, board.board, hash, begin, end, what, phase));
        }
    }

    /** What was out last was begun and is built elsewhere, or was built too late to count. */
    private void givenBack(long nowMs, Out board) {
        if (board.at(nowMs) - board.since >= LEAST_MS) {
            end(nowMs, board, "", "given-back");
        } else {
            times.remove(key(board.board, board.machine));
            free(board);
        }
    }

    private void end(long nowMs, Out board, String hash, String what) {
        put(new Slice(board.machine, board.slot, board.board, hash, board.since, board.at(nowMs), what));
        times.remove(key(board.board, board.machine));
        free(board);
    }

    private void free(Out board) {
        if (board.lostMs.isEmpty()) {
            busy.computeIfAbsent(board.machine, m -> new BitSet()).clear(board.slot);
        }
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
