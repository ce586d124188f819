package dev.buildboss.plan;

import dev.buildboss.plan.Estimates.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machines of a scene with what they have, in seconds from now: the figures that placement counts with. */
final class Fleet {

    /** The part of a build that is serial, about: so many makes in their serial parts keep one core each. By simulated runs. */
    private static final double SERIAL_PART = 0.15;

    /** How much later than all else a board may end before another one beside it does harm. By simulated runs. */
    private static final double LATE = 1.2;

    /** For how long what a machine has is not reckoned again, as long as nothing of it changed: large fleets would pay for it. */
    private static final long KEEP_MS = 200;

    final List<Seat> seats = new ArrayList<>();
    final Seat me;

    Fleet(Scene scene) {
        Seat mine = null;
        for (WorkerState worker : scene.workers()) {
            if (worker == scene.me || worker.isFairlyExpected(scene.nowMs) || builds(worker)) {
                Seat seat = new Seat(worker, scene.nowMs);
                seats.add(seat);
                if (worker == scene.me) {
                    mine = seat;
                }
            }
        }
        if (mine == null) {
            throw new IllegalStateException(scene.me.name + " is not one of the workers");
        }
        me = mine;
    }

    private static boolean builds(WorkerState worker) {
        return worker.isThere()
                && worker.power.isKnown()
                && worker.health.isWell()
                && (!worker.isDismissed || !worker.out.isEmpty());
    }

    /** Where that work would end first; null: nowhere. */
    @Nullable
    Seat best(BoardWork board, Work work) {
        Seat best = null;
        double first = Double.MAX_VALUE;
        for (Seat seat : seats) {
            double end = seat.own(work);
            if (end < first && seat.worker.mayStillBuild(board) && !seat.worker.holds(board)) {
                first = end;
                best = seat;
            }
        }
        return best;
    }

    /** When all would end, with that much more work, so much of it serial, spread over them as if it were water. */
    double level(double more, double serial) {
        double[][] ends = new double[seats.size()][];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = new double[] {seats.get(i).end(), seats.get(i).rate(more, serial)};
        }
        Arrays.sort(ends, (a, b) -> Double.compare(a[0], b[0]));
        double capacity = 0;
        double filled = 0;
        for (int i = 0; i < ends.length; i++) {
            capacity += ends[i][1];
            filled += ends[i][0] * ends[i][1];
            double level = (more + filled) / capacity;
            if (i == ends.length - 1 || level <= ends[i + 1][0]) {
                return level;
            }
        }
        return 0;
    }

    /** A machine in thought. */
    static final class Seat {
        final WorkerState worker;
        final double capacity;
        final double speed;
        final List<Left> boards;
        double work;
        /** The part of it that is serial. */
        double serial;

        double longest;
        /** The longest of what it really has. */
        final double longestOut;

        Seat(WorkerState worker, long nowMs) {
            this.worker = worker;
            this.capacity = worker.power.capacity();
            this.speed = worker.power.speed();
            Known known = worker.known;
            if (known == null || nowMs - known.atMs >= KEEP_MS || nowMs < known.atMs) {
                known = known(nowMs);
                worker.known = known;
            }
            boards = known.boards;
            work = known.work.total();
            serial = known.work.serial();
            longest = known.longest;
            longestOut = longest;
        }

        private Known known(long nowMs) {
            List<Left> all = new ArrayList<>(worker.out.size());
            Work sum = Work.NOTHING;
            double most = 0;
            for (Out out : worker.out.values()) {
                Work left = out.present(nowMs).plus(out.later());
                all.add(new Left(out, left));
                sum = sum.plus(left);
                most = Math.max(most, chain(left));
            }
            return new Known(nowMs, all, sum, most);
        }

        /**
         * Whether one more board now does no harm: either the cores need it, or with a smaller share of them each board still ends about
         * then. (A long chain of commits that ends after all else would have the machine for itself, and its serial parts leave the
         * other cores idle.)
         */
        boolean hasRoom(double level) {
            int sharing = boards.size() + 1;
            if (boards.size() < 1 + SERIAL_PART * worker.power.cores()) {
                return true;
            }
            for (Left left : boards) {
                Work board = left.work();
                double end = board.serial() / speed + (board.total() - board.serial()) * sharing / capacity;
                if (end > level * LATE && left.out().asked.cardinality() > 1) {
                    return false;
                }
            }
            return true;
        }

        /** When a board alone on it would be through. */
        double chain(Work board) {
            return chain(board.total(), board.serial());
        }

        private double chain(double total, double serial) {
            return serial / speed + (total - serial) / capacity;
        }

        /** How much of such work it does in a second: no more than its cores do, nor than the boards that it takes at once, each alone. */
        double rate(double total, double serial) {
            int slots = worker.power.slots();
            return slots < worker.power.cores() && total > 0
                    ? Math.min(capacity, total * slots / chain(total, serial))
                    : capacity;
        }

        /** When it would be through with that much work, were it not for the longest board. */
        double through(double total, double serial) {
            return total / rate(total, serial);
        }

        double end() {
            return Math.max(through(work, serial), longest);
        }

        /** When that board would end, started now. */
        double own(Work board) {
            return Math.max(through(work + board.total(), serial + board.serial()), chain(board));
        }

        /** When all of it would end, with that board too. */
        double with(Work board) {
            return endWith(work + board.total(), serial + board.serial(), chain(board));
        }

        /** When it would end with that much work in all, and another board of that length. */
        double endWith(double all, double allSerial, double chain) {
            return Math.max(Math.max(through(all, allSerial), longest), chain);
        }

        /** The longest of what it has but for one. */
        double longestBut(Left one) {
            double result = 0;
            for (Left left : boards) {
                result = left.out().id == one.out().id ? result : Math.max(result, chain(left.work()));
            }
            return result;
        }

        void take(Work board) {
            work += board.total();
            serial += board.serial();
            longest = Math.max(longest, chain(board));
        }
    }

    /** What a worker has, as it was reckoned at some time. */
    record Known(long atMs, List<Left> boards, Work work, double longest) {}

    /** What is left of a board that is out. */
    record Left(Out out, Work work) {}
}
