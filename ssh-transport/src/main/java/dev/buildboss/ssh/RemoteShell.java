package dev.buildboss.ssh;

import java.io.IOException;

/** A way to run commands on a machine over one connection (or one program a command); safe to use from several threads. */
interface RemoteShell extends AutoCloseable {

    /**
     * Starts a command of the login shell there; blocks until it runs or the connect timeout is over.
     *
     * @throws dev.buildboss.MachineException if the machine can't be reached
     */
    RemoteProcess exec(String command) throws IOException;

    /** Whether the connection still stands, as far as is known. */
    boolean isOpen();

    /** Ends the connection and all that runs over it; idempotent; does not wait. */
    @Override
    void close();
}
