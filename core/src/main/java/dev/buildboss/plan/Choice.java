package dev.buildboss.plan;

import java.util.BitSet;

/** A placement's answer. */
sealed interface Choice {

    /** What nobody has of that board. */
    static Choice whole(BoardWork work) {
        return new Give(work, work.unasked());
    }

    /** These commits of a board; those that other grants hold and have not begun are taken back from there, the others built twice. */
    record Give(BoardWork work, BitSet commits) implements Choice {}

    /** Nothing; the worker is asked again when something changed, and after a while. */
    record Hold() implements Choice {}
}
