package dev.buildboss.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A command over a JSch exec channel.
 *
 * <p>JSch's reader thread, one for the whole session, fills the two pipes; when one is full it waits, the channel's window
 * stays closed, and the command there waits too. That is the backpressure, and why a worker has a session of its own.
 *
 * <p>How a stream's end is told from a lost connection: JSch closes standard output at the remote end of file, when the
 * channel isn't closed yet, or else when the channel goes down, which is an order end only if an exit status came before.
 * Standard error is closed by JSch only when the channel goes down: that is the process's end.
 */
final class JschProcess implements RemoteProcess {

    private static final int PIPE_BYTES = 64 * 1024;
    private static final int UNKNOWN_STATUS = -1;
    private static final int SIGNAL_BASE = 128;
    private static final Map<String, Integer> SIGNALS =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "ILL", 4, "ABRT", 6, "FPE", 8, "KILL", 9, "SEGV", 11, "PIPE", 13);
    private static final int SIGTERM = 15;

    /** How long telling the other side may take, before the whole connection is taken for dead. */
    private static final long GOODBYE_MS = 5000;

    private final ChannelExec channel;
    private final String where;
    private final Runnable breakConnection;
    private final OutputStream in;
    private final BoundedPipe out = new BoundedPipe(PIPE_BYTES, this::broken);
    private final BoundedPipe err = new BoundedPipe(PIPE_BYTES, Optional::empty);
    private final CompletableFuture<Integer> exited = new CompletableFuture<>();
    private volatile boolean lost;
    private volatile boolean killed;

    private JschProcess(ChannelExec channel, String where, Runnable breakConnection) throws IOException {
        this.channel = channel;
        this.where = where;
        this.breakConnection = breakConnection;
        channel.setOutputStream(hooked(out, this::outputEnds));
        channel.setErrStream(hooked(err, this::channelEnds));
        this.in = channel.getOutputStream();
    }

    /** {@code breakConnection} ends the whole session, without asking the other side. */
    static JschProcess start(ChannelExec channel, String command, int timeoutMs, String where, Runnable breakConnection)
            throws IOException, JSchException {
        channel.setCommand(command.getBytes(StandardCharsets.UTF_8));
        JschProcess process = new JschProcess(channel, where, breakConnection);
        channel.connect(timeoutMs);
        return process;
    }

    /** Only the pipe's bytes matter to JSch's reader thread; the hook runs on it, before the reader sees the end. */
    private static OutputStream hooked(BoundedPipe pipe, Runnable atClose) {
        OutputStream writer = pipe.writer();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                writer.write(b);
            }

            @Override
            public void write(byte[] from, int offset, int length) {
                try {
                    writer.write(from, offset, length);
                } catch (IOException readerIsGone) {
                    // Nobody wants the rest. Thrown, it would end the whole session.
                    return;
                }
            }

            @Override
            public void close() {
                atClose.run();
                pipe.closeWriter();
            }
        };
    }

    private void outputEnds() {
        lost = channel.isClosed() && !killed && !hasStatus();
    }

    private void channelEnds() {
        exited.complete(status());
    }

    private boolean hasStatus() {
        return channel.getExitStatus() != UNKNOWN_STATUS || channel.getExitSignal() != null;
    }

    private int status() {
        String signal = channel.getExitSignal();
        return signal == null ? channel.getExitStatus() : SIGNAL_BASE + SIGNALS.getOrDefault(signal, SIGTERM);
    }

    private Optional<String> broken() {
        return lost ? Optional.of("the connection to " + where + " broke") : Optional.empty();
    }

    @Override
    public OutputStream stdin() {
        return in;
    }

    @Override
    public InputStream stdout() {
        return out.reader();
    }

    @Override
    public Optional<Readiness> stdoutReadiness() {
        return Optional.of(out);
    }

    @Override
    public InputStream stderr() {
        return err.reader();
    }

    @Override
    public CompletionStage<Integer> exited() {
        return exited.minimalCompletionStage();
    }

    @Override
    public void kill() {
        killed = true;
        // First the pipes: JSch's reader thread may be waiting in one.
        out.closeReader();
        err.closeReader();
        sayGoodbye();
    }

    /**
     * Disconnecting tells the other side, with a lock that a write holds which the other side doesn't take: on a half-open
     * connection that may be for a quarter of an hour, and other processes' limits must not wait for it.
     */
    private void sayGoodbye() {
        Thread thread = new Thread(
                () -> {
                    channel.disconnect();
                    exited.complete(UNKNOWN_STATUS);
                },
                "buildboss-ssh-goodbye");
        thread.setDaemon(true);
        thread.start();
        var unused = exited.copy().orTimeout(GOODBYE_MS, TimeUnit.MILLISECONDS).whenComplete((status, late) -> {
            if (late != null) {
                breakConnection.run();
                exited.complete(UNKNOWN_STATUS);
            }
        });
    }
}
