package dev.buildboss.worker;

import dev.buildboss.protocol.ProtocolCodec;
import dev.buildboss.protocol.Response;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes responses to the protocol's stream: each line whole, one write each.
 *
 * <p>Lines go out under a lock, so a boss that does not read stops all writers: that is the backpressure.
 */
final class OutputSink implements ResponseSink {
    private static final Logger LOG = LoggerFactory.getLogger(OutputSink.class);

    private final OutputStream out;
    private final ProtocolCodec codec;
    private final Object lock = new Object();
    private volatile boolean muted;

    OutputSink(OutputStream out, ProtocolCodec codec) {
        this.out = out;
        this.codec = codec;
    }

    @Override
    public void send(Response response) {
        if (!muted) {
            byte[] line = codec.encode(response).toArrayUnsafe();
            synchronized (lock) {
                if (!muted) {
                    write(line);
                }
            }
        }
    }

    private void write(byte[] line) {
        try {
            out.write(line);
            out.flush();
        } catch (IOException e) {
            muted = true; // the boss is gone; the end of the input will say so too
            LOG.debug("the boss is gone: {}", e.getMessage());
        }
    }

    /** From now on nothing goes out but {@link #sendLast}: the worker is ending, and what builds say now is void. */
    void mute() {
        muted = true;
    }

    /** Sends the last line ever. */
    void sendLast(Response response) {
        muted = true;
        byte[] line = codec.encode(response).toArrayUnsafe();
        synchronized (lock) {
            write(line);
        }
    }
}
