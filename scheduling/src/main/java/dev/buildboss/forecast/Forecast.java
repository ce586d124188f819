package dev.buildboss.forecast;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells from a run's events when it will end, and between which times four of five such runs end (pure; {@code docs/scheduling.md}
 * says how that is held). What is left is estimated work, corrected by what the cells so far took, spread over the machines that are
 * there. Not safe for threads.
 */
public final class Forecast {

    /** CPU threads of a machine that never said. */
    private static final int USUAL_THREADS = 4;

    private final LearntEstimates estimates;
    private final Uncertainty uncertainty;
    private final Errors errors;
    private final Waiting waiting;
    private final Map<String, Bench> benches = new LinkedHashMap<>();
    /** Machines that are on their way. */
    private final Set<String> expected = new java.util.LinkedHashSet<>();

    private boolean begun;

    /**
     * A forecast for the matrix of those estimates.
     *
     * @param there cells that have a result already and are not built
     */
    public Forecast(LearntEstimates estimates, Set<Cell> there) {
        this.estimates = requireNonNull(estimates, "estimates");
        Map<Board, BitSet> open = open(estimates, requireNonNull(there, "there"));
        this.uncertainty = new Uncertainty(estimates, open.keySet());
        this.waiting = new Waiting(open, estimates.commits().size(), estimates, uncertainty::spreadOfBoard);
        this.errors = uncertainty.errors();
    }

    /** What is to be built, without boards of which nothing is. */
    private static Map<Board, BitSet> open(LearntEstimates estimates, Set<Cell> there) {
        Map<Board, BitSet> result = new LinkedHashMap<>();
        for (Board board : estimates.boards()) {
            BitSet open = new BitSet();
            for (int commit = 0; commit < estimates.commits().size(); commit++) {
                open.set(commit, !there.contains(new Cell(board.target(), commit)));
            }
            if (!open.isEmpty()) {
                result.put(board, open);
            }
        }
        return result;
    }

    /** One more event; {@code nowMs} from any beginning. */
    public void event(BuildEvent event, long nowMs) {
        double nowS = nowMs / 1000.0;
        if (event instanceof BuildEvent.RunStarted started) {
            expected.addAll(started.machines());
            if (started.localSlots() > 0) {
                expected.add(Machine.LOCAL_NAME);
            }
        } else if (event instanceof BuildEvent.MachineReady ready) {
            requeueAll(ready.machine());
            expected.remove(ready.machine());
            benches.put(
                    ready.machine(), new Bench(Math.max(1, ready.threads()), estimates.speed(ready.machine()), nowS));
        } else if (event instanceof BuildEvent.MachineChanged changed) {
            changed(changed);
        } else if (event instanceof BuildEvent.BoardStarted started) {
            started(started, nowS);
        } else if (event instanceof BuildEvent.CellBuilt built) {
            done(built.cell(), Optional.of(built.machine()), nowS);
        } else if (event instanceof BuildEvent.CellDone done) {
            done(done.cell(), done.machine(), nowS);
        } else if (event instanceof BuildEvent.BoardRequeued back) {
            over(back.machine(), back.board(), nowS);
        } else if (event instanceof BuildEvent.BoardEnded ended) {
            over(ended.machine(), ended.board(), nowS);
        }
    }

    /** A machine has nothing of that board any more: what it did not build waits again. */
    private void over(String machine, String board, double nowS) {
        Bench bench = benches.get(machine);
        if (bench != null && bench.jobs.containsKey(board)) {
            advance(bench, nowS);
            requeue(requireNonNull(bench.jobs.remove(board)));
        }
    }

    private void changed(BuildEvent.MachineChanged changed) {
        MachineState state = changed.state();
        if (state != MachineState.BUILDING && state != MachineState.PREPARING) {
            requeueAll(changed.machine());
        }
        if (state == MachineState.LOST
                || state == MachineState.UNAVAILABLE
                || state == MachineState.BUSY
                || state == MachineState.FINISHED) {
            benches.remove(changed.machine());
            expected.remove(changed.machine());
        }
    }

    private void requeueAll(String machine) {
        Bench bench = benches.get(machine);
        if (bench != null) {
            bench.jobs.values().forEach(this::requeue);
            bench.jobs.clear();
        }
    }

    private void requeue(Job job) {
        BitSet back = new BitSet();
        job.commits.forEach(back::set);
        waiting.add(job.board.target(), back);
    }

    private Bench bench(String machine, double nowS) {
        expected.remove(machine);
        return benches.computeIfAbsent(machine, name -> new Bench(threads(name), estimates.speed(name), nowS));
    }

    private int threads(String machine) {
        int known = estimates.model().threads(machine);
        return known > 0 ? known : USUAL_THREADS;
    }

    private void advance(Bench bench, double nowS) {
        bench.advance(nowS, this::factor);
    }

    private double factor(Job job) {
        return errors.factor(job.board.target(), job.commits.get(0), job.isAfresh());
    }

    /** A board has its last cells taken: of those that wait or, where there are not so many, of what others have. */
    private void started(BuildEvent.BoardStarted started, double nowS) {
        Optional<Board> board = waiting.board(started.board());
        if (board.isEmpty() || started.cells() < 1) {
            return;
        }
        begun = true;
        String name = started.board();
        Bench bench = bench(started.machine(), nowS);
        advance(bench, nowS);
        BitSet taken = waiting.last(name, started.cells());
        waiting.remove(name, taken);
        for (Bench other : benches.values()) {
            Job job = other.jobs.get(name);
            if (job != null && other != bench) {
                while (taken.cardinality() < started.cells() && job.commits.size() > 1) {
                    taken.set(job.commits.remove(job.commits.size() - 1));
                }
            }
        }
        if (!taken.isEmpty()) {
            bench.jobs.put(name, new Job(board.get(), taken.stream().boxed().toList(), estimates));
        }
    }

    private void done(Cell cell, Optional<String> machine, double nowS) {
        String name = cell.board();
        int commit = cell.commit();
        BitSet one = new BitSet();
        one.set(commit);
        waiting.remove(name, one);
        for (Map.Entry<String, Bench> entry : benches.entrySet()) {
            Bench bench = entry.getValue();
            Job job = bench.jobs.get(name);
            if (job == null) {
                continue;
            }
            advance(bench, nowS);
            boolean here = machine.filter(entry.getKey()::equals).isPresent();
            if (here && job.commits.get(0) == commit && job.present().total() > 0) {
                errors.add(
                        name, commit, job.isAfresh(), job.done() / job.present().total());
            }
            job.through(commit);
            if (job.commits.isEmpty()) {
                bench.jobs.remove(name);
            }
        }
    }

    /** When it will end, from now; empty before the first board is out and when nothing is left. */
    public Optional<BuildEvent.Eta> eta(long nowMs) {
        return begun ? reckon(nowMs / 1000.0) : Optional.empty();
    }

    /** The same for a run that is not begun, over the machines that were said to be ready. */
    public Optional<BuildEvent.Eta> beforehand() {
        return reckon(0);
    }

    private Optional<BuildEvent.Eta> reckon(double nowS) {
        List<double[]> ends = new ArrayList<>();
        Left left = new Left(estimates.commits().size());
        errors.countOverdue();
        for (Bench bench : benches.values()) {
            advance(bench, nowS);
            for (Job job : bench.jobs.values()) {
                double ratio = job.done() / Math.max(1e-3, job.present().total());
                if (ratio > factor(job)) {
                    errors.overdue(job.board.target(), ratio);
                }
            }
        }
        double longest = 0;
        for (Bench bench : benches.values()) {
            double end = endOf(bench, left);
            longest = Math.max(longest, end);
            ends.add(new double[] {end, bench.capacity()});
        }
        for (String machine : expected) {
            ends.add(new double[] {0, threads(machine) * estimates.speed(machine)});
        }
        for (int commit = 0; commit < estimates.commits().size(); commit++) {
            left.firsts(waiting.firsts(commit) * errors.factor(commit, true));
            left.wait(commit, waiting.work(commit) * errors.factor(commit, false));
        }
        left.waitingCells(waiting.count(), waiting.squares());
        if (ends.isEmpty() || left.cells() == 0 || left.total() <= 0) {
            return Optional.empty();
        }
        left.present(uncertainty.ofWaiting(left, waiting.boards(), ends));
        double seconds = uncertainty.end(level(ends, left.waiting()), longest, left.lastOff());
        double spread = uncertainty.spread(left, errors, seconds);
        return Optional.of(new BuildEvent.Eta(
                duration(seconds), duration(seconds * Math.exp(-spread)), duration(seconds * Math.exp(spread))));
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis((long) Math.min(1e12, seconds * 1000));
    }

    /** When a machine is through with what it has; adds that to what is left. */
    private double endOf(Bench bench, Left left) {
        double work = 0;
        double chain = 0;
        for (Job job : bench.jobs.values()) {
            String name = job.board.target();
            int present = job.commits.get(0);
            boolean afresh = job.isAfresh();
            Lognormal whole =
                    job.whole(errors.log(name, present, afresh), Math.sqrt(errors.variance(name, present, afresh)));
            Work sum = job.left(Math.max(0, whole.meanAbove(job.done()) - job.done()), factor(job));
            double off = whole.spreadAbove(job.done());
            left.add(name, sum.total(), off);
            double own = new Lognormal(whole.mu(), Math.sqrt(errors.ownVariance(name, afresh))).spreadAbove(job.done());
            left.present(own * chain(sum, bench) / Math.max(1e-9, sum.total()));
            double total = sum.total();
            double serial = sum.serial();
            for (int i = 1; i < job.commits.size(); i++) {
                int commit = job.commits.get(i);
                Work next = estimates.next(job.board, commit);
                double factor = errors.factor(name, commit, false);
                left.add(name, commit, next.total() * factor, Math.sqrt(errors.varianceOfBoard(name)));
                total += next.total() * factor;
                serial += next.serial() * factor;
            }
            work += total;
            chain = Math.max(chain, chain(new Work(total, serial), bench));
        }
        return Math.max(work / bench.capacity(), chain);
    }

    /** How long it takes alone there. */
    private static double chain(Work work, Bench bench) {
        return work.serial() / bench.speed + (work.total() - work.serial()) / bench.capacity();
    }

    /** When all would end, with that much more work spread over machines as if it were water. */
    private static double level(List<double[]> ends, double more) {
        List<double[]> sorted = new ArrayList<>(ends);
        sorted.sort((a, b) -> Double.compare(a[0], b[0]));
        double capacity = 0;
        double filled = 0;
        for (int i = 0; i < sorted.size(); i++) {
            capacity += sorted.get(i)[1];
            filled += sorted.get(i)[0] * sorted.get(i)[1];
            double level = (more + filled) / capacity;
            if (i == sorted.size() - 1 || level <= sorted.get(i + 1)[0]) {
                return level;
            }
        }
        return 0;
    }
}
