package dev.buildboss.plan;

/**
 * How much of a machine each of its boards had, while boards come and go: every second adds the reciprocal of the boards that are
 * there. Boards begin together and end one by one, so how many there are at the end of one says little of its time. Not safe for
 * threads.
 */
public final class Share {

    private double atS;
    private double seconds;

    /** A machine without boards. */
    public Share() {}

    /**
     * Time passed.
     *
     * @param nowS seconds since any beginning
     * @param boards how many were there since the last call
     */
    public void pass(double nowS, int boards) {
        if (boards > 0) {
            seconds += Math.max(0, nowS - atS) / boards;
        }
        atS = nowS;
    }

    /** For how many seconds a board that was always there would have had the whole machine, all in all. */
    public double seconds() {
        return seconds;
    }
}
