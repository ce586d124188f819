package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.protocol.DecodedResponse;
import dev.buildboss.protocol.ProtocolCodec;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.Waits;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A boss for tests: talks to a {@link WorkerServer} in this JVM, line by line. */
final class Peer {
    private final ProtocolCodec codec = new ProtocolCodec(Settings.defaults().protocol());
    private final BlockingQueue<Response> responses = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> exited = new CompletableFuture<>();
    private final BoundedSourceQueue<ByteString> input;
    private final Semaphore reading = new Semaphore(1);

    Peer(ActorSystem<Void> system, WorkerConfig config) {
        Pair<BoundedSourceQueue<ByteString>, Source<ByteString, org.apache.pekko.NotUsed>> made =
                Source.<ByteString>queue(1000).preMaterialize(system);
        input = made.first();
        OutputStream output = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("not a whole line");
            }

            @Override
            public void write(byte[] line, int offset, int length) {
                reading.acquireUninterruptibly();
                reading.release();
                int prefix = ProtocolCodec.PREFIX.length();
                DecodedResponse decoded = codec.decodeResponse(line, offset + prefix, length - prefix - 1);
                if (line[offset + length - 1] != '\n' || !(decoded instanceof DecodedResponse.Known known)) {
                    throw new IllegalStateException("not a response: " + new String(line, offset, length, UTF_8));
                }
                responses.add(known.response());
            }
        };
        WorkerServer.start(system, config, made.second(), output, line -> {}, exited::complete);
    }

    void send(String line) {
        input.offer(ByteString.fromString(line + "\n", UTF_8));
    }

    /** From now on the worker's writes wait. */
    void stopReading() {
        reading.acquireUninterruptibly();
    }

    void goOnReading() {
        reading.release();
    }

    /** How many of the lines that were sent the worker has not read. */
    int unread() {
        return input.size();
    }

    void endInput() {
        if (!input.isCompleted()) {
            input.complete();
        }
    }

    /** The next response that is no heartbeat. */
    Response next() throws InterruptedException {
        Response response;
        do {
            response = responses.poll(Waits.LIMIT_S, TimeUnit.SECONDS);
            if (response == null) {
                throw new IllegalStateException("no response within " + Waits.LIMIT_S + " s");
            }
        } while (response instanceof Response.Heartbeat);
        return response;
    }

    /** All responses up to one of this type, and that one; heartbeats too. */
    List<Response> until(Predicate<Response> last) throws InterruptedException {
        List<Response> result = new ArrayList<>();
        do {
            Response response = responses.poll(Waits.LIMIT_S, TimeUnit.SECONDS);
            if (response == null) {
                throw new IllegalStateException("not within " + Waits.LIMIT_S + " s; so far: " + result);
            }
            result.add(response);
        } while (!last.test(result.get(result.size() - 1)));
        return result;
    }

    <T extends Response> T until(Class<T> type) throws InterruptedException {
        List<Response> all = until(type::isInstance);
        return type.cast(all.get(all.size() - 1));
    }

    int exit() throws Exception {
        return exited.get(Waits.LIMIT_S, TimeUnit.SECONDS);
    }

    /** Goes, and waits until nothing of what the worker started writes into its directory any more. */
    void end() throws Exception {
        endInput();
        exit();
    }

    /** What came after the end was told. */
    List<Response> rest() {
        List<Response> result = new ArrayList<>();
        responses.drainTo(result);
        return result;
    }
}
