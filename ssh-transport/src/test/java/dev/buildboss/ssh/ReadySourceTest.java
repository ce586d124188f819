package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Bytes come through when they are written, no thread waits for them, and the end is told from a broken connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadySourceTest {

    private ActorTestKit kit;

    @BeforeAll
    void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void givesWhatIsWrittenBeforeAndAfterThePull() throws Exception {
        BoundedPipe pipe = new BoundedPipe(16, Optional::empty);
        SinkQueueWithCancel<ByteString> queue = queue(pipe);
        OutputStream writer = pipe.writer();

        writer.write("before".getBytes(UTF_8));
        assertThat(next(queue)).isEqualTo("before");
        CompletionStage<Optional<ByteString>> pulled = queue.pull();
        writer.write("after".getBytes(UTF_8));
        assertThat(await(pulled)).isEqualTo("after");

        writer.close();
        assertThat(queue.pull().toCompletableFuture().get(2, TimeUnit.MINUTES)).isEmpty();
    }

    @Test
    void startsWithWhatABufferInFrontOfThePipeHolds() throws Exception {
        BoundedPipe pipe = new BoundedPipe(16, Optional::empty);
        pipe.writer().write("?held".getBytes(UTF_8));
        BufferedInputStream stream = new BufferedInputStream(pipe.reader());
        assertThat(stream.read()).isEqualTo('?');

        SinkQueueWithCancel<ByteString> queue =
                Source.fromGraph(new ReadySource(stream, pipe)).runWith(Sink.queue(), kit.system());

        assertThat(next(queue)).isEqualTo("held");
    }

    @Test
    void failsWhenTheConnectionBroke() {
        BoundedPipe pipe = new BoundedPipe(16, () -> Optional.of("the connection to m1 broke"));
        SinkQueueWithCancel<ByteString> queue = queue(pipe);

        pipe.closeWriter();

        assertThatThrownBy(() -> next(queue)).hasRootCauseMessage("the connection to m1 broke");
    }

    @Test
    void passesEverythingThroughASmallPipe() throws Exception {
        BoundedPipe pipe = new BoundedPipe(7, Optional::empty);
        byte[] text = "0123456789".repeat(5000).getBytes(UTF_8);
        CompletionStage<ByteString> all = Source.fromGraph(new ReadySource(pipe.reader(), pipe))
                .toMat(Sink.fold(ByteString.emptyByteString(), ByteString::concat), Keep.right())
                .run(kit.system());

        try (OutputStream writer = pipe.writer()) {
            writer.write(text); // waits again and again for the source
        }

        assertThat(all.toCompletableFuture().get(2, TimeUnit.MINUTES).toArray()).isEqualTo(text);
    }

    @Test
    void letsTheWriterGoWhenNobodyReadsAnyMore() {
        BoundedPipe pipe = new BoundedPipe(4, Optional::empty);
        SinkQueueWithCancel<ByteString> queue = queue(pipe);
        queue.cancel();

        // The stage closes the stream, now or while the writer waits for room.
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        pipe.writer().write("more".getBytes(UTF_8));
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private SinkQueueWithCancel<ByteString> queue(BoundedPipe pipe) {
        return Source.fromGraph(new ReadySource(pipe.reader(), pipe)).runWith(Sink.queue(), kit.system());
    }

    private static String next(SinkQueueWithCancel<ByteString> queue) throws Exception {
        return await(queue.pull());
    }

    private static String await(CompletionStage<Optional<ByteString>> pulled) throws Exception {
        return pulled.toCompletableFuture()
                .get(2, TimeUnit.MINUTES)
                .orElseThrow()
                .utf8String();
    }
}
