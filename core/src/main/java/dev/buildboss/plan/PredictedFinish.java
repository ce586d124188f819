package dev.buildboss.plan;

import dev.buildboss.plan.Choice.Hold;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The placement by predicted finish. Machines are taken as fluid: what one has is done when its work is, at all its cores, or when
 * its longest board is, whichever is later; one that takes few boards at once does no more in a second than so many boards alone.
 *
 * <p>What waits is dealt out in thought, the longest first and each to the machine where it ends first; the worker that asks gets the
 * first board that falls to it. With few boards, moves and swaps make that plan better before it counts. A worker to which nothing
 * falls takes a part of what a machine that ends late still has ({@link Relief}).
 */
final class PredictedFinish extends Placement {

    /** Boards that are dealt out at most; times machines: what keeps a decision below a millisecond. */
    private static final int MOST_STEPS = 100_000;

    /** With so much of the time left as a multiple of what a board takes here, any machine may take it: the rest evens out. */
    private static final double PLENTY = 2;

    /** Boards that wait, for that to be looked at first. */
    private static final int MANY = 200;

    /** With more machines than that, a decision that looks at all of them is too dear to be made for each board. */
    private static final int LARGE_FLEET = 100;

    /** Boards that are looked at for one that ends early enough. */
    private static final int MOST_LOOKED_AT = 4_000;

    private final Relief relief;

    PredictedFinish(Relief relief) {
        this.relief = relief;
    }

    @Override
    Choice choose(Scene scene) {
        if (!scene.me.power.isKnown()) {
            return scene.first().map(Choice::whole).orElseGet(Hold::new);
        }
        Optional<Choice> easy = whileThereIsPlenty(scene);
        if (easy.isPresent()) {
            return easy.get();
        }
        Fleet fleet = new Fleet(scene);
        double level = fleet.level(scene.waitingWork(), scene.waitingSerial());
        if (!fleet.me.hasRoom(level)) {
            return new Hold();
        }
        if (scene.waitingCount() > 0) {
            // A board that ends later than all else is split at once, and not only when there is nothing else to do.
            // But where slots are too few for the cores, what waits needs them.
            boolean scarce = fleet.me.rate(scene.waitingWork(), scene.waitingSerial()) < fleet.me.capacity;
            Optional<Choice.Give> urgent = scarce
                    ? Optional.empty()
                    : relief.choose(scene, fleet, level).or(() -> relief.ofWaiting(scene, fleet, level));
            if (urgent.isPresent()) {
                return urgent.get();
            }
            Optional<BoardWork> mine = deal(scene, fleet, level);
            if (mine.isPresent()) {
                return Choice.whole(mine.get());
            }
        }
        return relief.choose(scene, fleet, 0).<Choice>map(give -> give).orElseGet(Hold::new);
    }

    /**
     * As long as much more waits than the worker could end by itself, the longest board is right, and nobody else need be looked at.
     * In a large fleet it is the longest of those that it could, if others could end the longest of all in that time.
     */
    private static Optional<Choice> whileThereIsPlenty(Scene scene) {
        if (scene.waitingCount() < MANY) {
            return Optional.empty();
        }
        double capacity = 0;
        for (WorkerState worker : scene.workers()) {
            capacity += worker.power.capacity();
        }
        double least = scene.waitingWork() / capacity;
        Fleet.Seat me = new Fleet.Seat(scene.me, scene.nowMs);
        if (!me.hasRoom(least)) {
            return Optional.empty();
        }
        Iterator<BoardWork> waiting = scene.waiting();
        BoardWork longest = waiting.next();
        int looked = 1;
        if (scene.workers().size() > LARGE_FLEET && PLENTY * soonest(scene, longest) < least) {
            looked = MOST_LOOKED_AT;
        }
        for (BoardWork board = longest; looked > 0; board = waiting.next(), looked--) {
            if (scene.mayHave(scene.me, board)
                    && !board.lostWith.contains(scene.me.name)
                    && PLENTY * me.with(board.waiting) < least) {
                return Optional.of(Choice.whole(board));
            }
            if (!waiting.hasNext()) {
                break;
            }
        }
        return Optional.empty();
    }

    /** When that board would end on the machine that would be through with it first, if it had nothing else. */
    private static double soonest(Scene scene, BoardWork board) {
        double soonest = Double.MAX_VALUE;
        double serial = board.waiting.serial();
        double parallel = board.waiting.total() - serial;
        for (WorkerState worker : scene.workers()) {
            if (worker.power.isKnown() && worker.mayStillBuild(board)) {
                double alone = serial / worker.power.speed() + parallel / worker.power.capacity();
                soonest = Math.min(soonest, alone);
            }
        }
        return soonest;
    }

    @Override
    boolean splits() {
        return true;
    }

    private static Optional<BoardWork> deal(Scene scene, Fleet fleet, double level) {
        Fleet.Seat me = fleet.me;
        int budget = Math.max(16, MOST_STEPS / fleet.seats.size());
        boolean small = Partition.fits(scene.waitingCount(), fleet.seats.size());
        List<Partition.Piece> pieces = new ArrayList<>();
        BoardWork last = null;
        Iterator<BoardWork> waiting = scene.waiting();
        for (int step = 0; waiting.hasNext() && step < budget; step++) {
            BoardWork work = waiting.next();
            boolean mayHave = scene.mayHave(scene.me, work);
            if (mayHave && work.lostWith.contains(scene.me.name)) {
                last = last == null ? work : last;
                mayHave = false;
            }
            if (!small && mayHave && PLENTY * me.with(work.waiting) < level) {
                return Optional.of(work);
            }
            Fleet.Seat best = fleet.best(work, work.waiting);
            if (best == null) {
                continue;
            }
            if (small) {
                pieces.add(new Partition.Piece(work, best, mayHave));
            } else if (best == me && mayHave) {
                return Optional.of(work);
            }
            best.take(work.waiting);
        }
        if (small) {
            Optional<BoardWork> mine = new Partition(fleet, pieces).improve().firstOf(me);
            return mine.isPresent() || last == null ? mine : Optional.of(last);
        }
        return Optional.ofNullable(last);
    }
}
