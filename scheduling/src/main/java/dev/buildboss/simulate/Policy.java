package dev.buildboss.simulate;

import dev.buildboss.plan.Placement;

/** Ways to schedule that a simulation can compare. */
public enum Policy {
    /** By predicted finish, with splitting and hedging; a machine's boards share its cores. */
    OURS("ours", true, true),
    /** U-Boot's buildman: whoever asks gets the next board, whole; {@code make -j} as it is when the make starts. */
    EXISTING("existing", false, false),
    /** The same, but the longest board first. */
    LONGEST_FIRST("longest-first", false, true);

    private final String title;
    private final boolean shares;
    private final boolean estimates;

    Policy(String title, boolean shares, boolean estimates) {
        this.title = title;
        this.shares = shares;
        this.estimates = estimates;
    }

    /** What a table calls it. */
    public String title() {
        return title;
    }

    /** Whether a machine's makes share its cores as they go, by a jobserver; else each has the jobs it began with. */
    boolean shares() {
        return shares;
    }

    /** Whether it knows what builds are expected to cost. */
    boolean estimates() {
        return estimates;
    }

    Placement placement() {
        return this == OURS ? Placement.predictedFinish() : Placement.firstCome();
    }
}
