package dev.buildboss.plan;

import dev.buildboss.model.Board;

/**
 * What builds are expected to cost, in seconds of one core of the reference machine (pure; {@link #NONE} where nothing is known).
 *
 * <p>Placement compares these figures with each other and with {@link Power}; only an ETA needs them to be seconds.
 */
public interface Estimates {

    /** Nothing is known: boards go out in the order in which they were given. */
    Estimates NONE = new Estimates() {
        @Override
        public Work first(Board board, int commit) {
            return Work.NOTHING;
        }

        @Override
        public Work next(Board board, int commit) {
            return Work.NOTHING;
        }
    };

    /** Nothing is known and all boards count the same: what boards of U-Boot take about, on a core of today. */
    Estimates EVEN = new Estimates() {
        @Override
        public Work first(Board board, int commit) {
            return new Work(60, 7);
        }

        @Override
        public Work next(Board board, int commit) {
            return new Work(15, 3);
        }
    };

    /** A build where nothing of that board is there yet: it is configured and built whole. */
    Work first(Board board, int commit);

    /** A build where the commit before is built already. */
    Work next(Board board, int commit);

    /** The speed of a machine as learnt from its builds, for its {@link Power}; 1 where nothing is known. */
    default double speed(String machine) {
        return 1;
    }

    /**
     * Work of one build.
     *
     * @param total core-seconds
     * @param serial the part of them that only one core can do, one thing after the other
     */
    record Work(double total, double serial) {
        /** No work. */
        public static final Work NOTHING = new Work(0, 0);

        /** Checks the numbers. */
        public Work {
            if (!(serial >= 0) || !(total >= serial) || Double.isInfinite(total)) {
                throw new IllegalArgumentException("work of " + total + " s, " + serial + " s of it serial");
            }
        }

        Work plus(Work more) {
            return new Work(total + more.total, serial + more.serial);
        }
    }
}
