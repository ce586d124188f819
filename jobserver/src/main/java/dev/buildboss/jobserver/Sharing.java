package dev.buildboss.jobserver;

import java.io.IOException;

/** Who else takes tokens from a pipe, as far as it decides when they may be counted. Called under the pool's lock only. */
interface Sharing extends AutoCloseable {

    /** The pool is this JVM's own. */
    Sharing NOBODY = new Sharing() {
        @Override
        public boolean alone(Counting counting) throws IOException {
            counting.count();
            return true;
        }
    };

    /** The pool is a parent's: who else uses it can't be known, and it is not ours to fill. */
    Sharing PARENT = counting -> false;

    /** From now on tokens of the pool may be out in this JVM. */
    default void enter() throws IOException {}

    /** This JVM has no token any more and waits for none. */
    default void leave() throws IOException {}

    /**
     * Counts, if nobody can have a token of the pool meanwhile.
     *
     * @return whether it did
     */
    boolean alone(Counting counting) throws IOException;

    @Override
    default void close() throws IOException {}

    /** Counts the pool. */
    interface Counting {
        void count() throws IOException;
    }
}
