package dev.buildboss.process;

import dev.buildboss.spi.WorkerChannel.Traffic;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Counts what goes to a worker and comes from it. For any thread. */
final class TrafficCount {

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    /** What goes through here is sent. */
    Flow<ByteString, ByteString, NotUsed> sent() {
        return counted(sent);
    }

    /** What goes through here is received. */
    Flow<ByteString, ByteString, NotUsed> received() {
        return counted(received);
    }

    private static Flow<ByteString, ByteString, NotUsed> counted(AtomicLong bytes) {
        return Flow.of(ByteString.class).map(chunk -> {
            bytes.addAndGet(chunk.size());
            return chunk;
        });
    }

    Traffic soFar() {
        return new Traffic(sent.get(), received.get());
    }
}
