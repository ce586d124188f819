package dev.buildboss.history;

import dev.buildboss.history.ChangedFiles.Reach;

/**
 * What is expected before anything was built, and of how many builds' weight that is. Seconds of one core, from U-Boot boards (40 to
 * 60 core-seconds from the beginning); ratios are of a build after a commit to one from the beginning.
 */
final class Priors {

    /** Core-seconds of a build from the beginning. */
    static final double FIRST_S = 45;

    /** Weights, in builds (or boards, or commits): what is known of the wider group counts as much as so many of the narrower. */
    static final double OF_ALL = 1;

    static final double OF_ARCH = 2;
    static final double OF_BOARD = 0.3;
    static final double OF_REACH = 3;
    static final double OF_COMMIT = 1;
    static final double OF_CELL = 0.5;
    static final double OF_BOARD_AFTER_COMMITS = 4;
    static final double OF_SPEED = 0.5;
    static final double OF_SERIAL = 5;
    static final double OF_SERIAL_OF_BOARD = 1;
    static final double OF_SPREAD = 8;

    /** The part of a build that only one core works at; configuring comes on top. */
    static final double SERIAL_FIRST = 0.12;

    static final double SERIAL_NEXT = 0.20;

    /** Configuring, as a part of a build from the beginning. */
    static final double CONFIGURE = 0.06;

    /** A board whose defconfig is twice as long takes 1.3 times as long. */
    static final double SIZE_EXPONENT = 0.4;

    /** The spread of costs around what is estimated, as the standard deviation of their logarithms. */
    static final double SPREAD_OF_BOARD = 0.12;

    static final double SPREAD_OF_ARCH = 0.5;
    static final double SPREAD_OF_NOTHING = 0.7;
    static final double SPREAD_OF_COMMIT = 0.25;
    static final double SPREAD_OF_REACH = 0.6;

    /** CPU threads of a machine that never said. */
    static final int THREADS = 4;

    private static final double[] SIZE_FACTORS = {0.8, 1.0, 1.4};

    private Priors() {}

    /** A build after a commit that reaches so far. */
    static double ratio(Reach reach) {
        return switch (reach) {
            case NOTHING -> 0.05;
            case SOURCES -> 0.10;
            case HEADERS -> 0.25;
            case MAKE -> 0.30;
            case CONFIG -> 0.45;
            case UNKNOWN -> 0.25;
        };
    }

    /** How much more or less it is by the number of files. */
    static double sizeFactor(Reach reach, int size) {
        return reach == Reach.NOTHING || reach == Reach.UNKNOWN ? 1 : SIZE_FACTORS[size];
    }
}
