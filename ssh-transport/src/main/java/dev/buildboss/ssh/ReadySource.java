package dev.buildboss.ssh;

import java.io.IOException;
import java.io.InputStream;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * A stream of bytes that says when it can be read, as a source without a thread: one read for one pull, and none that waits.
 *
 * <p>Nothing is read ahead, so what is not pulled stays with the sender. The stage closes the stream at its end.
 */
final class ReadySource extends GraphStage<SourceShape<ByteString>> {

    private static final int CHUNK_BYTES = 32 * 1024;

    private final Outlet<ByteString> out = Outlet.create("ReadySource.out");
    private final InputStream stream;
    private final Readiness readiness;

    /** The stream may have a buffer in front of what {@code readiness} speaks of. */
    ReadySource(InputStream stream, Readiness readiness) {
        this.stream = stream;
        this.readiness = readiness;
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

        private final byte[] buffer = new byte[CHUNK_BYTES];
        private final AsyncCallback<String> ready = createAsyncCallback(unused -> readIfReady());

        Logic() {
            super(ReadySource.this.shape());
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    readIfReady();
                }
            });
        }

        private void readIfReady() {
            if (!isAvailable(out)) {
                return; // nobody pulls, or the end has come
            }
            try {
                if (stream.available() == 0 && !readiness.isReady()) {
                    readiness.whenReady(() -> ready.invoke(""));
                    return;
                }
                int n = stream.read(buffer);
                if (n < 0) {
                    complete(out);
                } else {
                    push(out, ByteString.fromArray(buffer, 0, n));
                }
            } catch (IOException e) {
                fail(out, e);
            }
        }

        @Override
        public void postStop() {
            try {
                stream.close();
            } catch (IOException alreadyBroken) {
                return; // then it is as closed as can be
            }
        }
    }
}
