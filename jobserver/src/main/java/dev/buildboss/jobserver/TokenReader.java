package dev.buildboss.jobserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Takes tokens from a pipe, one at a time. It opens the pipe for itself, as a read that waits is ended by closing what it reads
 * from: the kernel then says whether it took a token or none. One thread reads; all else is under the pool's lock.
 */
final class TokenReader {

    private final Path pipe;
    private final ByteBuffer one = ByteBuffer.allocateDirect(1);
    private volatile @Nullable FileChannel channel;

    TokenReader(Path pipe) {
        this.pipe = pipe;
    }

    /** A read is about to begin: {@link #end} ends it from now on. */
    void begin() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            channel = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
    }

    /** Takes a token, waiting for one as long as it takes; empty: it was ended, and took none. */
    OptionalInt read() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            throw new IllegalStateException("not begun");
        }
        one.clear();
        try {
            if (open.read(one) <= 0) {
                throw new IOException("end of file on " + pipe);
            }
        } catch (ClosedChannelException e) {
            return OptionalInt.empty(); // only a read that took nothing ends so
        }
        return OptionalInt.of(one.get(0) & 0xff);
    }

    /** Ends the read that was begun, if there is one, and lets go of the pipe. */
    void end() {
        FileChannel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
