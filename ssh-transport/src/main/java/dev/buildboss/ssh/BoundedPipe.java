package dev.buildboss.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A pipe of a fixed size between two threads: a writer that is too fast waits.
 *
 * <p>{@link java.io.PipedInputStream} won't do: it takes a reader thread that ended for a broken pipe, looks for it once a
 * second, and has no read timeout. At the end of file the reader asks {@code broken} whether it was an end or a broken
 * connection.
 */
final class BoundedPipe implements Readiness {

    private final byte[] ring;
    private final Supplier<Optional<String>> broken;
    private int head;
    private int filled;
    private boolean writerClosed;
    private boolean readerClosed;
    private int readTimeoutMs;
    private Optional<Runnable> whenReady = Optional.empty();

    BoundedPipe(int size, Supplier<Optional<String>> broken) {
        this.ring = new byte[size];
        this.broken = broken;
    }

    /** The longest wait of one read in milliseconds, after which it throws a SocketTimeoutException; 0: no limit. */
    synchronized void setReadTimeout(int timeoutMs) {
        readTimeoutMs = timeoutMs;
        notifyAll();
    }

    InputStream reader() {
        return new Reader();
    }

    OutputStream writer() {
        return new Writer();
    }

    @Override
    public synchronized boolean isReady() {
        return filled > 0 || writerClosed || readerClosed;
    }

    @Override
    public void whenReady(Runnable task) {
        synchronized (this) {
            if (!isReady()) {
                whenReady = Optional.of(task);
                return;
            }
        }
        task.run();
    }

    /** The task runs under the lock: it only posts a message. */
    private synchronized void changed() {
        notifyAll();
        if (whenReady.isPresent() && isReady()) {
            Runnable task = whenReady.get();
            whenReady = Optional.empty();
            task.run();
        }
    }

    private synchronized int take(byte[] into, int offset, int length) throws IOException {
        long since = System.nanoTime();
        while (filled == 0) {
            if (readerClosed) {
                throw new IOException("the stream is closed");
            }
            if (writerClosed) {
                return -1;
            }
            waitFrom(since);
        }
        int n = Math.min(length, Math.min(filled, ring.length - head));
        System.arraycopy(ring, head, into, offset, n);
        head = (head + n) % ring.length;
        filled -= n;
        notifyAll();
        return n;
    }

    private synchronized void put(byte[] from, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            while (filled == ring.length && !readerClosed && !writerClosed) {
                await(0);
            }
            if (readerClosed || writerClosed) {
                throw new IOException("the reader is gone");
            }
            int tail = (head + filled) % ring.length;
            int n = Math.min(length - done, Math.min(ring.length - filled, ring.length - tail));
            System.arraycopy(from, offset + done, ring, tail, n);
            filled += n;
            done += n;
            changed();
        }
    }

    private void waitFrom(long since) throws IOException {
        if (readTimeoutMs == 0) {
            await(0);
            return;
        }
        long leftMs = readTimeoutMs - (System.nanoTime() - since) / 1_000_000L;
        if (leftMs <= 0) {
            throw new SocketTimeoutException("nothing came for " + readTimeoutMs + " ms");
        }
        await(leftMs);
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop over what they wait for
    private synchronized void await(long timeoutMs) throws InterruptedIOException {
        try {
            wait(timeoutMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** What is in the pipe can still be read; idempotent. */
    synchronized void closeWriter() {
        writerClosed = true;
        changed();
    }

    /** Makes the writer fail and the reader too; idempotent. */
    synchronized void closeReader() {
        readerClosed = true;
        filled = 0;
        changed();
    }

    private synchronized int count() {
        return filled;
    }

    private final class Reader extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int n = take(into, offset, length);
            if (n < 0) {
                Optional<String> reason = broken.get();
                if (reason.isPresent()) {
                    throw new IOException(reason.get());
                }
            }
            return n;
        }

        @Override
        public int available() {
            return count();
        }

        @Override
        public void close() {
            closeReader();
        }
    }

    private final class Writer extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            put(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            put(from, offset, length);
        }

        @Override
        public void close() {
            closeWriter();
        }
    }
}
