package dev.buildboss.workermain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.worker.WorkerConfig;
import dev.buildboss.worker.WorkerServer;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Goes through what each worker does at its start, so that a JVM told {@code -XX:ArchiveClassesAtExit} has seen the classes:
 * with that archive a worker is ready in a third of the time.
 */
final class WarmUp {
    private static final int LIMIT_SECONDS = 30;

    private static final List<String> EXCHANGE = List.of(
            "{\"cmd\":\"setup\"}",
            "{\"cmd\":\"configure\",\"settings\":{\"kconfig_check\":true},\"features\":[\"artefacts\",\"not-built\"]}",
            "{\"cmd\":\"none\"}",
            "{\"cmd\":\"ping\"}",
            // No commit: the empty directory is built as it stands, which make refuses at once.
            "{\"cmd\":\"build_prepare\",\"max_boards\":1}",
            "{\"cmd\":\"build_board\",\"board\":\"none\",\"arch\":\"sandbox\"}",
            "{\"cmd\":\"build_done\"}");

    private WarmUp() {}

    static void run(WorkerConfig config) {
        CountDownLatch ended = new CountDownLatch(1);
        ActorSystem<Void> system = WorkerMain.actorSystem();
        ByteString lines = ByteString.fromString(String.join("\n", EXCHANGE) + "\n", UTF_8);
        CompletableFuture<ByteString> quit = new CompletableFuture<>();
        Source<ByteString, ?> input =
                Source.single(lines).concat(Source.completionStage(quit)).concat(Source.maybe());
        OutputStream output = new OutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] bytes, int offset, int length) {
                // quit would not wait for the builds before it.
                if (new String(bytes, offset, length, UTF_8).contains("\"build_done\"")) {
                    quit.complete(ByteString.fromString("{\"cmd\":\"quit\"}\n"));
                }
            }
        };
        WorkerServer.start(system, config, input, output, line -> {}, status -> ended.countDown());
        try {
            if (!ended.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("worker: the warm-up did not end within " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        system.terminate();
    }
}
