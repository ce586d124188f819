package dev.buildboss.spi;

import dev.buildboss.model.Machine;

/**
 * A way to reach machines of one kind: ssh by JSch, the ssh program, a process on this computer, or this JVM.
 *
 * <p>One transport serves many machines and runs; it is closed by whoever made it. All methods may be called from any
 * thread and return at once.
 */
public interface WorkerTransport extends AutoCloseable {

    /** The transport's name in settings and messages, such as {@code jsch}. */
    String name();

    /** Whether this transport is the one for that machine. */
    boolean serves(Machine machine);

    /** A link to one machine; no input or output happens yet. */
    MachineLink link(Machine machine);

    /** Ends what all links still hold; idempotent; waits a bounded time only. */
    @Override
    void close();
}
