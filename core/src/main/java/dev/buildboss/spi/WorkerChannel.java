package dev.buildboss.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A running worker's three byte streams, with backpressure both ways: what the boss does not read, the worker must wait to
 * write.
 *
 * <p>Each stream is materialized once. Cancelling {@code output} or completing {@code input} closes that end; a worker whose
 * input is closed ends.
 */
public interface WorkerChannel {

    /** What the worker reads; completing it is end of file there. */
    Sink<ByteString, NotUsed> input();

    /** The worker's standard output: noise and protocol lines, in chunks as they come. Fails when the connection breaks. */
    Source<ByteString, NotUsed> output();

    /** The worker's standard error. */
    Source<ByteString, NotUsed> errors();

    /** Completes with the exit status once the worker is gone (−1: not known, 128 + n: signal n); never fails. */
    CompletionStage<Integer> exited();

    /** Bytes sent to the worker's machine and received from it so far, all channels of the link together. */
    Traffic traffic();

    /** What had to be done on the machine before the worker could start, for people; usually nothing. */
    default List<String> notes() {
        return List.of();
    }

    /** Ends the worker now, whatever it is doing; idempotent; does not wait. */
    void kill();

    /**
     * A byte count.
     *
     * @param sentBytes from the boss to the machine
     * @param receivedBytes from the machine to the boss
     */
    record Traffic(long sentBytes, long receivedBytes) {}
}
