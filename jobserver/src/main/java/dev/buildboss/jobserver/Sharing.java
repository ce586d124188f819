package dev.buildboss.jobserver;

import java.io.IOException;
import java.util.OptionalInt;

/** Who else takes tokens from a pipe, as far as it decides when they may be counted. Called under the pool's lock only. */
interface Sharing extends AutoCloseable {

    /** The pool is this JVM's own. */
    Sharing NOBODY = counting -> {
        counting.count();
        return true;
    };

    /** The pool is a parent's: who else uses it can't be known, and it is not ours to fill. */
    Sharing PARENT = counting -> false;

    /** From now on tokens of the pool may be out in this JVM. */
    default void enter() throws IOException {}

    /** This JVM has no token any more and takes none. */
    default void leave() throws IOException {}

    /** Whether tokens can be lost to a program that was killed, and who waits is to look for them. */
    default boolean losesTokens() {
        return false;
    }

    /** Rings once when all that wait should take none for a moment, so that one of them can count. A second call changes nothing. */
    default void ringToCount(Runnable ring) {}

    /** Whether that moment lasts. */
    default boolean isTimeToCount() {
        return false;
    }

    /**
     * Counts, if no program that shares can have a token of the pool meanwhile.
     *
     * @return whether it did
     */
    boolean alone(Counting counting) throws IOException;

    /** Whether others may have tokens all the same: programs that outlived the one which started them. */
    default boolean hasLeftovers(TokenPipe pipe, int missing) throws IOException {
        return false;
    }

    /**
     * Brings the pipe's tokens to their number, if nobody can have one meanwhile.
     *
     * @return how many were put in, negative: taken out; empty: another program has tokens, or is about to take one
     */
    default OptionalInt putRight(TokenPipe pipe, int size) throws IOException {
        int[] missing = new int[1];
        boolean alone = alone(() -> {
            int lacks = size - pipe.available();
            if (lacks != 0 && !hasLeftovers(pipe, lacks)) {
                pipe.fill(size);
                missing[0] = lacks;
            }
        });
        return alone ? OptionalInt.of(missing[0]) : OptionalInt.empty();
    }

    @Override
    default void close() throws IOException {}

    /** Counts the pool. */
    interface Counting {
        void count() throws IOException;
    }
}
