package dev.buildboss.plan;

import dev.buildboss.plan.Choice.Give;
import dev.buildboss.plan.Estimates.Work;
import dev.buildboss.plan.Fleet.Left;
import dev.buildboss.plan.Fleet.Seat;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a worker to which no board falls can do to end the run sooner: take over the last commits of a board, at the cost of one
 * build from the beginning, or build what is being built elsewhere a second time.
 */
final class Relief {

    /** Machines that end last, among whose boards one is sought. */
    private static final int MACHINES = 4;

    /** Boards of each of them. */
    private static final int BOARDS = 8;

    /** The part of a machine's time that must be won: estimates are no better than that. */
    private static final double WORTH = 0.05;

    private final boolean split;
    private final boolean hedge;

    /** Which of both it may do. */
    Relief(boolean split, boolean hedge) {
        this.split = split;
        this.hedge = hedge;
    }

    /** A part of a board, and when all would be through that has to do with it. */
    private record Part(Give give, double end) {}

    /**
     * The best of that.
     *
     * @param longer only boards that alone take longer than this many seconds are touched
     */
    Optional<Give> choose(Scene scene, Fleet fleet, double longer) {
        Seat me = fleet.me;
        if (!me.worker.power.givesBack() || !(split || hedge)) {
            return Optional.empty();
        }
        List<Seat> late = fleet.seats.stream()
                .filter(seat -> seat != me && seat.worker.power.givesBack() && seat.longestOut > longer)
                .sorted(Comparator.comparingDouble(Seat::end).reversed())
                .limit(MACHINES)
                .toList();
        for (Seat seat : late) {
            Optional<Give> best = from(scene, me, seat, longer);
            if (best.isPresent()) {
                return best;
            }
        }
        return Optional.empty();
    }

    /** The last commits of the longest board that waits, if it takes longer than that wherever it goes. */
    Optional<Give> ofWaiting(Scene scene, Fleet fleet, double longer) {
        Seat me = fleet.me;
        if (!split || !me.worker.power.givesBack() || scene.waitingCount() == 0) {
            return Optional.empty();
        }
        BoardWork board = scene.waiting().next();
        Seat best = fleet.best(board, board.waiting);
        if (best == null || best == me || !best.worker.power.givesBack() || !scene.mayHave(me.worker, board)) {
            return Optional.empty();
        }
        double alone = best.chain(board.waiting);
        if (alone <= longer) {
            return Optional.empty();
        }
        Split parts =
                new Split(scene, me, best, board, board.unasked(), board.waiting, best.longest, best.work, best.serial);
        return parts.best(true, false, alone * (1 - WORTH)).map(Part::give);
    }

    private Optional<Give> from(Scene scene, Seat me, Seat seat, double longer) {
        List<Left> boards = seat.boards.stream()
                .filter(left -> seat.chain(left.work()) > longer)
                .sorted(Comparator.comparingDouble((Left left) -> seat.chain(left.work()))
                        .reversed())
                .limit(BOARDS)
                .toList();
        double end = seat.end() * (1 - WORTH);
        Optional<Give> result = Optional.empty();
        for (Left left : boards) {
            BoardWork board = left.out().work;
            if (board.recheck().isPresent() || !scene.mayHave(me.worker, board) || isHedged(left.out())) {
                continue;
            }
            BitSet asked = left.out().asked;
            Split parts = new Split(
                    scene,
                    me,
                    seat,
                    board,
                    asked,
                    left.work(),
                    seat.longestBut(left),
                    seat.work - left.work().total(),
                    seat.serial - left.work().serial());
            Optional<Part> part = parts.best(split, hedge, end);
            if (part.isPresent()) {
                end = part.get().end();
                result = part.map(Part::give);
            }
        }
        return result;
    }

    /** Whether somebody else is at its present cell too. */
    private static boolean isHedged(Out out) {
        int begun = out.asked.nextSetBit(0);
        return out.work.outs.stream().anyMatch(other -> other != out && other.asked.get(begun));
    }

    /**
     * A board that is split between the worker that asks and another.
     *
     * @param asked its commits
     * @param left their work at the other
     * @param others when the longest of the other boards there ends
     * @param besides the work of those
     * @param besidesSerial the serial part of that
     */
    private record Split(
            Scene scene,
            Seat me,
            Seat there,
            BoardWork board,
            BitSet asked,
            Work left,
            double others,
            double besides,
            double besidesSerial) {

        /**
         * The last commits that are best taken, if all ends before that.
         *
         * @param cuts whether a part of them may be taken
         * @param doubles whether all of them may be, the first of which is being built and would be built twice
         */
        Optional<Part> best(boolean cuts, boolean doubles, double before) {
            double best = before;
            int from = -1;
            double taken = 0;
            double serial = 0;
            for (int commit = asked.length() - 1;
                    commit >= 0;
                    commit = commit == 0 ? -1 : asked.previousSetBit(commit - 1)) {
                Work first = scene.estimates.first(board.board, commit);
                Work next = scene.estimates.next(board.board, commit);
                double here = me.with(new Work(first.total() + taken, first.serial() + serial));
                taken += next.total();
                serial += next.serial();
                boolean all = commit == asked.nextSetBit(0);
                if (all && !doubles) {
                    break; // nothing would be left
                }
                double rest = all ? 0 : Math.max(0, left.total() - taken);
                double restSerial = Math.max(0, Math.min(rest, left.serial() - serial));
                double end = Math.max(
                        Math.max(here, others),
                        Math.max(
                                there.through(besides + rest, besidesSerial + restSerial),
                                there.chain(new Work(rest, restSerial))));
                if (end < best && (cuts || asked.cardinality() == 1)) {
                    best = end;
                    from = commit;
                }
            }
            if (from < 0) {
                return Optional.empty();
            }
            BitSet commits = (BitSet) asked.clone();
            commits.clear(0, from);
            return Optional.of(new Part(new Give(board, commits), best));
        }
    }
}
