package dev.buildboss.history;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.plan.Share;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells from a run's events how long each cell took (pure): what the worker says, or, as a board's cells come one after the other from
 * a machine, from the one before it, or from the board's start, until its own result.
 */
public final class Stopwatch {

    private static final class Running {
        private long sinceNs;
        /** The machine's {@link Share#seconds} then. */
        private double sinceShareS;

        private int left;
        private boolean first = true;
        private double configureS;
        /** How long the worker says that it was at the cell; 0: it did not say. */
        private double ownS;
        /** The same for its CPU time. */
        private double cpuS;

        private Running(int left) {
            this.left = left;
        }
    }

    /** What a machine builds. */
    private static final class Machine {
        private final Map<String, Running> boards = new HashMap<>();
        private final Share share = new Share();
        private long atNs;

        private void pass(long nowNs) {
            share.pass(nowNs / 1e9, boards.size());
            atNs = nowNs;
        }

        private void start(String board, int cells, long nowNs) {
            pass(nowNs);
            Running running = new Running(cells);
            boards.put(board, running);
            next(running);
        }

        private void end(String board, long nowNs) {
            pass(nowNs);
            boards.remove(board);
        }

        /** Another cell begins. */
        private void next(Running running) {
            running.sinceNs = atNs;
            running.sinceShareS = share.seconds();
            running.configureS = 0;
            running.ownS = 0;
            running.cpuS = 0;
        }

        /** Without what came before and after the build: a cold machine's checkout says nothing of the board. */
        private double seconds(Running running) {
            double wall = Math.max(0, atNs - running.sinceNs) / 1e9;
            return running.ownS > 0 ? Math.min(wall, running.ownS) : wall;
        }

        /** Boards that shared the machine with it since its cell began: their harmonic mean, as each got a part of the cores. */
        private double sharing(Running running) {
            double seconds = (atNs - running.sinceNs) / 1e9;
            double had = share.seconds() - running.sinceShareS;
            return seconds > 0 && had > 0 ? Math.max(1, seconds / had) : boards.size();
        }
    }

    private final Map<String, String> archs = new HashMap<>();
    private final Map<String, Machine> machines = new HashMap<>();
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
            machines.computeIfAbsent(started.machine(), name -> new Machine())
                    .start(started.board(), started.cells(), nowNs);
        } else if (event instanceof BuildEvent.MachineReady ready) {
            threads.put(ready.machine(), ready.threads());
        } else if (event instanceof BuildEvent.CellTimed timed) {
            Machine machine = machines.get(timed.machine());
            Running running =
                    machine == null ? null : machine.boards.get(timed.cell().board());
            if (running != null) {
                running.configureS = timed.configuring().toNanos() / 1e9;
                running.ownS = running.configureS + timed.building().toNanos() / 1e9;
                running.cpuS = timed.cpu().toNanos() / 1e9;
            }
        } else if (event instanceof BuildEvent.BoardEnded ended) {
            Machine machine = machines.get(ended.machine());
            if (machine != null) {
                machine.end(ended.board(), nowNs);
            }
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

    private Optional<Build> cell(Cell cell, String commit, CellOutcome outcome, String name, long nowNs, long at) {
        String board = cell.board();
        Machine machine = machines.get(name);
        Running running = machine == null ? null : machine.boards.get(board);
        if (machine == null || running == null) {
            return Optional.empty();
        }
        machine.pass(nowNs);
        Optional<Build> result = Optional.empty();
        if (outcome instanceof Built) {
            result = Optional.of(new Build(
                    board,
                    archs.getOrDefault(board, ""),
                    commit,
                    name,
                    running.first,
                    machine.seconds(running),
                    machine.sharing(running),
                    at,
                    threads.getOrDefault(name, 0),
                    running.configureS,
                    running.cpuS));
        }
        machine.next(running);
        running.first = false;
        running.left--;
        if (running.left <= 0) {
            machine.end(board, nowNs);
        }
        return result;
    }
}
