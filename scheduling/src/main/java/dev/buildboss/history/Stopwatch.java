package dev.buildboss.history;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells from a run's events how long each cell took (pure). A board's cells come one after the other from a machine, so a cell took
 * from the one before it, or from the board's start, until its own result.
 */
public final class Stopwatch {

    private static final class Running {
        private long sinceNs;
        private int left;
        private boolean first = true;
        private double configureS;

        private Running(long sinceNs, int left) {
            this.sinceNs = sinceNs;
            this.left = left;
        }
    }

    private final Map<String, String> archs = new HashMap<>();
    private final Map<String, Map<String, Running>> machines = new HashMap<>();
    /** Cells whose builds were told before their outcome. */
    private final Set<Cell> known = new HashSet<>();

    private final Map<String, Integer> threads = new HashMap<>();

    /** A stopwatch for a run of these boards. */
    public Stopwatch(List<Board> boards) {
        boards.forEach(board -> archs.put(board.target(), board.arch()));
    }

    /**
     * One more event.
     *
     * @param nowNs when it came, from any beginning
     * @param at the same in seconds since 1970
     * @return what it says of a cell's time
     */
    public Optional<Build> event(BuildEvent event, long nowNs, long at) {
        if (event instanceof BuildEvent.BoardStarted started) {
            machines.computeIfAbsent(started.machine(), name -> new HashMap<>())
                    .put(started.board(), new Running(nowNs, started.cells()));
        } else if (event instanceof BuildEvent.MachineReady ready) {
            threads.put(ready.machine(), ready.threads());
        } else if (event instanceof BuildEvent.CellTimed timed) {
            Running running = machines.getOrDefault(timed.machine(), Map.of())
                    .get(timed.cell().board());
            if (running != null) {
                running.configureS = timed.configuring().toNanos() / 1e9;
            }
        } else if (event instanceof BuildEvent.BoardEnded ended) {
            machines.getOrDefault(ended.machine(), new HashMap<>()).remove(ended.board());
        } else if (event instanceof BuildEvent.MachineChanged changed && changed.state() != MachineState.BUILDING) {
            machines.remove(changed.machine());
        } else if (event instanceof BuildEvent.Missed) {
            machines.clear(); // a time that begins with an event nobody saw is none
        } else if (event instanceof BuildEvent.CellBuilt built) {
            known.add(built.cell());
            return cell(built.cell(), built.commit(), built.outcome(), built.machine(), nowNs, at);
        } else if (event instanceof BuildEvent.CellDone done
                && !known.remove(done.cell())
                && done.machine().isPresent()) {
            return cell(
                    done.cell(), done.commit(), done.outcome(), done.machine().get(), nowNs, at);
        }
        return Optional.empty();
    }

    private Optional<Build> cell(Cell cell, String commit, CellOutcome outcome, String machine, long nowNs, long at) {
        Map<String, Running> boards = machines.getOrDefault(machine, new HashMap<>());
        String board = cell.board();
        Running running = boards.get(board);
        if (running == null) {
            return Optional.empty();
        }
        Optional<Build> result = Optional.empty();
        if (outcome instanceof Built) {
            double seconds = Math.max(0, nowNs - running.sinceNs) / 1e9;
            String arch = archs.getOrDefault(board, "");
            result = Optional.of(new Build(
                    board,
                    arch,
                    commit,
                    machine,
                    running.first,
                    seconds,
                    boards.size(),
                    at,
                    threads.getOrDefault(machine, 0),
                    running.configureS,
                    0));
        }
        running.sinceNs = nowNs;
        running.first = false;
        running.configureS = 0;
        running.left--;
        if (running.left <= 0) {
            boards.remove(board);
        }
        return result;
    }
}
