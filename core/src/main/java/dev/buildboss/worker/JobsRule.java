package dev.buildboss.worker;

/**
 * How many jobs the next make gets. Pure.
 *
 * <p>Source: "Parallelism" of the protocol page. In the tail of a demand-driven run (fewer boards active than slots) a make
 * gets twice its share, since the other boards will not come.
 *
 * @param nthreads CPU threads
 * @param slots boards at once, as the boss caps it
 * @param fixed a number that the boss set for all makes; 0: none
 * @param demand whether boards come one by one
 */
record JobsRule(int nthreads, int slots, int fixed, boolean demand) {

    /** The jobs of a make that starts while this many boards are being built, its own included. */
    int jobs(int active) {
        if (fixed > 0) {
            return fixed;
        }
        int boards = Math.max(1, demand ? active : slots);
        int share = demand && active < slots ? 2 * nthreads / boards : nthreads / boards;
        return Math.max(1, share);
    }
}
