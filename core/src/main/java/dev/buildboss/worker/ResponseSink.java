package dev.buildboss.worker;

import dev.buildboss.protocol.Response;

/**
 * Where a worker's responses go.
 *
 * <p>Safe to use from many threads; each response goes out whole. {@link #send} blocks while the boss does not read: that is
 * what bounds a worker's memory.
 */
@FunctionalInterface
interface ResponseSink {
    /** Sends; a boss that is gone is no failure here, since the worker is about to end then. */
    void send(Response response);
}
