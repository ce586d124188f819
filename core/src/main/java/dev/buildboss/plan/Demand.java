package dev.buildboss.plan;

import static java.util.Objects.requireNonNull;

/** The plan's answer to a worker with a free slot. */
public sealed interface Demand {

    /** It gets this board. */
    record Granted(Grant grant) implements Demand {
        /** Checks the part. */
        public Granted {
            requireNonNull(grant, "grant");
        }
    }

    /** Nothing now, but a board that another worker has may come back. */
    record Wait() implements Demand {}

    /** Nothing any more. */
    record Nothing() implements Demand {}
}
