package dev.buildboss.process;

import dev.buildboss.spi.WorkerChannel;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;

/**
 * A worker process's pipes as streams. A pipe that is not read fills, and the worker waits: that is the backpressure. The blocking
 * reads and writes are on Pekko's own dispatcher for such.
 */
final class ProcessChannel implements WorkerChannel {

    private static final int CHUNK = 64 * 1024;

    private final Process process;
    private final TrafficCount traffic = new TrafficCount();

    ProcessChannel(Process process) {
        this.process = process;
    }

    @Override
    public Sink<ByteString, NotUsed> input() {
        return traffic.sent().toMat(StreamConverters.fromOutputStream(process::getOutputStream, true), Keep.left());
    }

    @Override
    public Source<ByteString, NotUsed> output() {
        return StreamConverters.fromInputStream(process::getInputStream, CHUNK)
                .mapMaterializedValue(done -> NotUsed.getInstance())
                .async() // it blocks its thread, and whoever watches it must not be on that one
                .via(traffic.received());
    }

    @Override
    public Source<ByteString, NotUsed> errors() {
        return StreamConverters.fromInputStream(process::getErrorStream, CHUNK)
                .mapMaterializedValue(done -> NotUsed.getInstance());
    }

    @Override
    public CompletionStage<Integer> exited() {
        return process.onExit().thenApply(Process::exitValue);
    }

    @Override
    public Traffic traffic() {
        return traffic.soFar();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }
}
