package dev.buildboss.process;

import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.worker.WorkerConfig;
import dev.buildboss.worker.WorkerServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;
import org.reactivestreams.Subscriber;
import org.slf4j.LoggerFactory;

/** A worker in this JVM, as a boss sees it. */
final class InProcessChannel implements WorkerChannel {
    /** The worker waits for a boss that does not read, however long that takes. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Sink<ByteString, NotUsed> input;
    private final Source<ByteString, NotUsed> output;
    private final WorkerServer server;
    private final CompletableFuture<Integer> exited;
    private final TrafficCount traffic = new TrafficCount();

    private InProcessChannel(
            Sink<ByteString, NotUsed> input,
            Source<ByteString, NotUsed> output,
            WorkerServer server,
            CompletableFuture<Integer> exited) {
        this.input = input;
        this.output = output;
        this.server = server;
        this.exited = exited;
    }

    static InProcessChannel start(ActorSystem<?> system, WorkerConfig config) {
        Pair<Subscriber<ByteString>, Source<ByteString, NotUsed>> commands =
                Source.<ByteString>asSubscriber().preMaterialize(system);
        Pair<OutputStream, Source<ByteString, NotUsed>> responses =
                StreamConverters.asOutputStream(FOR_EVER).preMaterialize(system);
        CompletableFuture<Integer> exited = new CompletableFuture<>();
        WorkerServer server = WorkerServer.start(
                system,
                config,
                commands.second(),
                responses.first(),
                line -> LoggerFactory.getLogger(WorkerServer.class).info("W: {}", line),
                status -> {
                    try {
                        responses.first().close();
                    } catch (IOException e) {
                        // The boss does not listen any more.
                    }
                    exited.complete(status);
                });
        return new InProcessChannel(Sink.fromSubscriber(commands.first()), responses.second(), server, exited);
    }

    @Override
    public Sink<ByteString, NotUsed> input() {
        return traffic.sent().to(input);
    }

    @Override
    public Source<ByteString, NotUsed> output() {
        return output.via(traffic.received());
    }

    @Override
    public Source<ByteString, NotUsed> errors() {
        return Source.empty();
    }

    @Override
    public CompletionStage<Integer> exited() {
        return exited;
    }

    @Override
    public Traffic traffic() {
        return traffic.soFar();
    }

    @Override
    public void kill() {
        server.end(1);
    }
}
