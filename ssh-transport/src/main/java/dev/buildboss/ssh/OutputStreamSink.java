package dev.buildboss.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * A blocking stream of bytes as a sink: the next element is asked for when the last one is written and flushed, on a thread of
 * its own. At the end, good or bad, the stream is closed after what was taken is written.
 */
final class OutputStreamSink extends GraphStage<SinkShape<ByteString>> {

    private final Inlet<ByteString> in = Inlet.create("OutputStreamSink.in");
    private final OutputStream stream;
    private final ThreadFactory threads;

    OutputStreamSink(OutputStream stream, ThreadFactory threads) {
        this.stream = stream;
        this.threads = threads;
    }

    @Override
    public SinkShape<ByteString> shape() {
        return SinkShape.of(in);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private sealed interface Step {
        record Write(ByteString bytes) implements Step {}

        record End() implements Step {}
    }

    private final class Logic extends GraphStageLogic {

        /** At most one write and one end: the stage pulls again only when a write is done. */
        private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();

        private final AsyncCallback<String> written = createAsyncCallback(unused -> pullAgain());
        private final AsyncCallback<Throwable> failed = createAsyncCallback(this::failStage);

        Logic() {
            super(OutputStreamSink.this.shape());
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    steps.add(new Step.Write(grab(in)));
                }
            });
        }

        private void pullAgain() {
            if (!isClosed(in)) {
                pull(in);
            }
        }

        @Override
        public void preStart() {
            threads.newThread(this::run).start();
            pull(in);
        }

        @Override
        public void postStop() {
            steps.add(new Step.End());
        }

        private void run() {
            try (OutputStream closing = stream) {
                while (steps.take() instanceof Step.Write write) {
                    closing.write(write.bytes().toArrayUnsafe());
                    closing.flush();
                    written.invoke("");
                }
            } catch (IOException | RuntimeException e) {
                failed.invoke(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failed.invoke(e);
            }
        }
    }
}
