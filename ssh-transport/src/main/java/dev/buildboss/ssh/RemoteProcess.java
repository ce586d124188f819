package dev.buildboss.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A command that runs on a machine, with blocking streams of bounded size: what is not read, it must wait to write.
 *
 * <p>Each stream is for one thread at a time; {@link #kill} may come from any thread and ends what blocks in them. Both
 * outputs must be read: over JSch they share one connection.
 */
interface RemoteProcess {

    /** What it reads; closing it is end of file there. */
    OutputStream stdin();

    /** What it writes; throws an {@link java.io.IOException} when the connection broke, in place of an end of file. */
    InputStream stdout();

    /** Tells when {@link #stdout} can be read, if this kind of process can. */
    default Optional<Readiness> stdoutReadiness() {
        return Optional.empty();
    }

    /** What it writes as errors. */
    InputStream stderr();

    /** Completes with its exit status (−1: not known, 128 + n: signal n); never fails. */
    CompletionStage<Integer> exited();

    /** Ends it now; idempotent; does not wait. */
    void kill();
}
