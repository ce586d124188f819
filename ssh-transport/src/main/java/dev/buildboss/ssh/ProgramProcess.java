package dev.buildboss.ssh;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A command over the ssh program, one process a command; its pipes are the kernel's, which bound them.
 *
 * <p>The program ends with 255 when the connection fails or breaks; a command that ends so itself is taken for that too.
 */
final class ProgramProcess implements RemoteProcess {

    static final int CONNECTION_FAILED = 255;

    /** A server that turns a connection away does so at once; one that broke later was let in. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Process process;
    private final String where;
    private final OutputStream in;
    private final InputStream out;
    private final InputStream err;
    private final CompletionStage<Integer> exited;
    private final long startNs = System.nanoTime();
    private volatile boolean killed;

    /** {@code connected} runs at the first byte that comes: the machine has let us in. */
    ProgramProcess(Process process, String where, TrafficCounter traffic, Runnable connected) {
        this.process = process;
        this.where = where;
        this.in = traffic.count(process.getOutputStream());
        this.out = new Output(traffic.count(process.getInputStream()), connected);
        this.err = traffic.count(process.getErrorStream());
        this.exited = process.onExit().thenApply(ended -> {
            connected.run();
            return killed || ended.exitValue() == CONNECTION_FAILED ? -1 : ended.exitValue();
        });
    }

    @Override
    public OutputStream stdin() {
        return in;
    }

    @Override
    public InputStream stdout() {
        return out;
    }

    @Override
    public InputStream stderr() {
        return err;
    }

    @Override
    public CompletionStage<Integer> exited() {
        return exited;
    }

    @Override
    public void kill() {
        killed = true;
        process.destroyForcibly();
        // Who waits in a read sees the end now, even if a helper of ssh (a ProxyCommand) holds the pipe open.
        for (InputStream stream : new InputStream[] {process.getInputStream(), process.getErrorStream()}) {
            try {
                stream.close();
            } catch (IOException alreadyClosed) {
                // That is what it was to be.
            }
        }
    }

    private final class Output extends FilterInputStream {
        private final Runnable connected;
        private boolean heard;

        Output(InputStream in, Runnable connected) {
            super(in);
            this.connected = connected;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = in.read(into, offset, length);
            connected.run();
            heard |= n > 0;
            if (n < 0 && !killed && endedByConnection()) {
                boolean soon = System.nanoTime() - startNs < SOON.toNanos();
                throw new IOException(
                        "the connection to " + where + " broke" + (soon && !heard ? Knocker.UNHEARD : ""));
            }
            return n;
        }

        /** At end of file the program is about to end; one that lives on has closed its output in order. */
        private boolean endedByConnection() throws IOException {
            try {
                return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == CONNECTION_FAILED;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }
}
