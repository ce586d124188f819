package dev.buildboss.exec;

import org.jspecify.annotations.Nullable;

/** Ends a program from outside, in order, while it runs or before it begins. Given once; safe for threads. */
public final class EndSignal {

    private boolean given;
    private @Nullable Runnable running;

    /** Has the program end; a program that begins after this ends at once. */
    public synchronized void give() {
        if (!given) {
            given = true;
            if (running != null) {
                running.run();
            }
        }
    }

    /** Whether it was given. */
    public synchronized boolean isGiven() {
        return given;
    }

    /** A program is there that can be ended so. */
    synchronized void attach(Runnable end) {
        running = end;
        if (given) {
            end.run();
        }
    }

    /** The program has ended. */
    synchronized void detach() {
        running = null;
    }
}
