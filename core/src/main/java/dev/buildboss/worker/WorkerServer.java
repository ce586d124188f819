package dev.buildboss.worker;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildbossException;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.apache.pekko.util.ByteString;

/**
 * One worker: serves the protocol on two byte streams, until {@code quit} or the end of the input.
 *
 * <p>The same code runs as a program of its own ({@code worker-main}) and inside an embedder's JVM. Nothing that it starts
 * outlives it.
 */
public final class WorkerServer {
    /** How long the dispatcher has to come to the end of the input by itself, behind commands that came before it. */
    private static final long END_GRACE_MS = 500;

    /** How long an end may take that waits for nobody; what it started is dead long before. */
    private static final long STUCK_MS = 2500;

    /** Several workers may live in one system: each has an actor name of its own. */
    private static final AtomicLong SERVERS = new AtomicLong();

    private final ProcessRunner runner;
    private final OutputSink sink;
    private final Workshop workshop;
    private final IntConsumer exit;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile int endStatus = 1;
    private final AtomicBoolean exiting = new AtomicBoolean();
    private final CountDownLatch exited = new CountDownLatch(1);

    private WorkerServer(ProcessRunner runner, OutputSink sink, Workshop workshop, IntConsumer exit) {
        this.runner = runner;
        this.sink = sink;
        this.workshop = workshop;
        this.exit = exit;
    }

    /**
     * Starts to serve; returns at once. A work directory in use is answered with an {@code error} in place of {@code ready},
     * and ends the worker with status 1.
     *
     * @param system where its actors live; its settings must have the {@code buildboss-own-thread} of reference.conf
     * @param config how it is set up
     * @param input what the boss writes
     * @param output where responses go; writing may block, and one write is one line
     * @param debug takes the lines of {@code -D}
     * @param exit told the exit status, once, when all that the worker started is gone
     */
    public static WorkerServer start(
            ActorSystem<?> system,
            WorkerConfig config,
            Source<ByteString, ?> input,
            OutputStream output,
            Consumer<String> debug,
            IntConsumer exit) {
        requireNonNull(exit, "exit");
        ProtocolFlows flows = new ProtocolFlows(config.settings().protocol());
        ProcessRunner runner = new ProcessRunner(config.settings().worker().killGrace());
        Workshop workshop = new Workshop(config, runner);
        WorkerServer server = new WorkerServer(runner, new OutputSink(output, flows.codec()), workshop, exit);
        try {
            workshop.takeWorkDir();
        } catch (BuildbossException e) {
            server.sink.send(new Response.Refusal(String.valueOf(e.getMessage())));
            server.end(1);
            return server;
        }
        server.sink.send(new Response.Ready(
                config.threads(), config.threads(), 2, EnumSet.allOf(Feature.class), config.version()));
        server.serve(system, config, input, flows, debug);
        return server;
    }

    private void serve(
            ActorSystem<?> system,
            WorkerConfig config,
            Source<ByteString, ?> input,
            ProtocolFlows flows,
            Consumer<String> debug) {
        ActorRef<Dispatcher.Command> dispatcher = system.systemActorOf(
                Dispatcher.create(config, workshop, sink, this::end, debug),
                "buildboss-worker-" + SERVERS.incrementAndGet(),
                Dispatcher.OWN_THREAD);
        connect(system, input, flows, dispatcher);
    }

    private void connect(
            ActorSystem<?> system,
            Source<ByteString, ?> input,
            ProtocolFlows flows,
            ActorRef<Dispatcher.Command> dispatcher) {
        Sink<dev.buildboss.protocol.DecodedCommand, ?> commands = ActorSink.actorRefWithBackpressure(
                dispatcher,
                Dispatcher.Received::new,
                Dispatcher.InputBegan::new,
                Dispatcher.Ack.INSTANCE,
                new Dispatcher.InputEnded(),
                trouble -> new Dispatcher.InputEnded());
        input.via(flows.commands())
                .watchTermination(Keep.right())
                .to(commands)
                .run(system)
                .whenComplete((done, trouble) -> inputEnded());
    }

    /**
     * The dispatcher, or the acknowledgement of {@code quit}, may be stuck in a write that nobody reads: the end of the input
     * must not wait for that.
     */
    private void inputEnded() {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        if (!exited.await(END_GRACE_MS, TimeUnit.MILLISECONDS)) {
                            end(1);
                        }
                        if (!exited.await(STUCK_MS, TimeUnit.MILLISECONDS)) {
                            exitOnce(endStatus);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "worker-end-watch");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    /**
     * Ends the worker: kills all that it started, removes what is temporary, and tells the exit status. Idempotent; returns
     * at once.
     *
     * @param status 0 after {@code quit}: it is acknowledged then
     */
    public void end(int status) {
        if (ending.compareAndSet(false, true)) {
            endStatus = status;
            Thread thread = new Thread(() -> endNow(status), "worker-end");
            thread.start();
        }
    }

    private void endNow(int status) {
        kill();
        if (status == 0) {
            sink.sendLast(new Response.QuitAck());
        }
        exitOnce(status);
    }

    private void exitOnce(int status) {
        if (exiting.compareAndSet(false, true)) {
            exited.countDown();
            exit.accept(status);
        }
    }

    /** Kills all that the worker started, now, on the caller's thread: for signals. */
    public void kill() {
        sink.mute();
        runner.close();
        workshop.close();
    }
}
