package dev.buildboss.ssh;

/** Tells when a stream can be read without waiting: that saves the thread that would wait in it. Safe for threads. */
interface Readiness {

    /** Whether a read returns at once: there are bytes, or the end, or an error. */
    boolean isReady();

    /** Runs the task at the next moment at which there is something to read, on the writer's thread; or now, if there is. One task at a time. */
    void whenReady(Runnable task);
}
