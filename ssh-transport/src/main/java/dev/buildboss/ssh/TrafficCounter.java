package dev.buildboss.ssh;

import dev.buildboss.spi.WorkerChannel.Traffic;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;

/** Counts a link's bytes, both ways; safe to use from all its threads. */
final class TrafficCounter {

    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    Traffic now() {
        return new Traffic(sent.sum(), received.sum());
    }

    InputStream count(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = in.read();
                received.add(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int n = in.read(into, offset, length);
                received.add(Math.max(n, 0));
                return n;
            }
        };
    }

    OutputStream count(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                out.write(b);
                sent.increment();
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                out.write(from, offset, length);
                sent.add(length);
            }
        };
    }
}
