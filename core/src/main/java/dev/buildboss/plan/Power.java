package dev.buildboss.plan;

/**
 * What a worker can do at once.
 *
 * @param cores CPU threads that its makes share; 0: not known
 * @param speed work that one of them does in a second, in core-seconds of the reference machine
 * @param slots boards at once
 * @param givesBack whether commits of a board that it has can be taken back, and single ones given to it
 */
public record Power(int cores, double speed, int slots, boolean givesBack) {

    /** A worker of which nothing is known: boards go there as it asks. */
    public static final Power UNKNOWN = new Power(0, 1, 1, false);

    /** Checks the numbers. */
    public Power {
        if (cores < 0 || slots < 1 || !(speed > 0) || Double.isInfinite(speed)) {
            throw new IllegalArgumentException("power: " + cores + " cores, speed " + speed + ", " + slots + " slots");
        }
    }

    /** Work that all of it does in a second. */
    public double capacity() {
        return cores * speed;
    }

    boolean isKnown() {
        return cores > 0;
    }
}
