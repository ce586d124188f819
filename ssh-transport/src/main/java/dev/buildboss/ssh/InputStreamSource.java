package dev.buildboss.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * A blocking stream of bytes as a source: one read for one pull, on a thread of its own.
 *
 * <p>Nothing is read ahead, so what is not pulled stays with the sender. Pekko's own adapter would take a thread of the shared
 * blocking dispatcher for each idle machine, of which it has 16. The thread ends with the stage, which closes the stream.
 */
final class InputStreamSource extends GraphStage<SourceShape<ByteString>> {

    private static final int CHUNK_BYTES = 32 * 1024;

    private final Outlet<ByteString> out = Outlet.create("InputStreamSource.out");
    private final InputStream stream;
    private final ThreadFactory threads;

    InputStreamSource(InputStream stream, ThreadFactory threads) {
        this.stream = stream;
        this.threads = threads;
    }

    @Override
    public SourceShape<ByteString> shape() {
        return SourceShape.of(out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {

        private final Semaphore demand = new Semaphore(0);
        private final AsyncCallback<ByteString> chunk = createAsyncCallback(bytes -> push(out, bytes));
        private final AsyncCallback<Throwable> failed = createAsyncCallback(e -> fail(out, e));
        private final AsyncCallback<String> ended = createAsyncCallback(unused -> complete(out));
        private volatile boolean stopped;

        Logic() {
            super(InputStreamSource.this.shape());
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    demand.release();
                }
            });
        }

        @Override
        public void preStart() {
            threads.newThread(this::run).start();
        }

        @Override
        public void postStop() {
            stopped = true;
            try {
                stream.close();
            } catch (IOException alreadyBroken) {
                demand.release();
                return;
            }
            demand.release();
        }

        private void run() {
            byte[] buffer = new byte[CHUNK_BYTES];
            try {
                while (true) {
                    demand.acquireUninterruptibly();
                    if (stopped) {
                        return;
                    }
                    int n = stream.read(buffer);
                    if (n < 0) {
                        ended.invoke("");
                        return;
                    }
                    chunk.invoke(ByteString.fromArray(buffer, 0, n));
                }
            } catch (IOException | RuntimeException e) {
                failed.invoke(e);
            }
        }
    }
}
