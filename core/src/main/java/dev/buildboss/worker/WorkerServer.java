package dev.buildboss.worker;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildbossException;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: serves the protocol on two byte streams, until {@code quit} or the end of the input.
 *
 * <p>The same code runs as a program of its own ({@code worker-main}) and inside an embedder's JVM. Nothing that it starts
 * outlives it.
 */
public final class WorkerServer {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerServer.class);

    /** How long the dispatcher has to come to the end of the input by itself, behind commands that came before it. */
    private static final long END_GRACE_MS = 500;

    /** How long an end may take that waits for nobody but a slow disk; what it started is dead long before. */
    private static final long STUCK_MS = 20_000;

    /** How long last words may take that nobody reads. */
    private static final long LAST_WORDS_MS = 2000;

    /** Commands that are read while the dispatcher is at one: it must not keep a ping from being read. */
    private static final int MAX_READ_AHEAD = 4096;

    /** Several workers may live in one system: each has an actor name of its own. */
    private static final AtomicLong SERVERS = new AtomicLong();

    private final ProcessRunner runner;
    private final OutputSink sink;
    private final Workshop workshop;
    private final FollowedBoards followed;
    private final IntConsumer exit;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile int endStatus = 1;
    private final AtomicBoolean exiting = new AtomicBoolean();
    private final CountDownLatch exited = new CountDownLatch(1);

    private WorkerServer(
            ProcessRunner runner, OutputSink sink, Workshop workshop, FollowedBoards followed, IntConsumer exit) {
        this.runner = runner;
        this.sink = sink;
        this.workshop = workshop;
        this.followed = followed;
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
        OutputSink sink = new OutputSink(output, flows.codec());
        FollowedBoards followed = new FollowedBoards(sink);
        Workshop workshop = new Workshop(config, runner, followed);
        WorkerServer server = new WorkerServer(runner, sink, workshop, followed, exit);
        try {
            workshop.takeWorkDir();
        } catch (BuildbossException e) {
            server.sink.send(new Response.Refusal(String.valueOf(e.getMessage())));
            server.end(1);
            return server;
        }
        server.sink.send(new Response.Ready(
                config.threads(), workshop.boardsAtOnce(), 2, EnumSet.allOf(Feature.class), config.version()));
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
        connect(system, config, input, flows, dispatcher);
    }

    private void connect(
            ActorSystem<?> system,
            WorkerConfig config,
            Source<ByteString, ?> input,
            ProtocolFlows flows,
            ActorRef<Dispatcher.Command> dispatcher) {
        Sink<DecodedCommand, ?> commands = ActorSink.actorRefWithBackpressure(
                dispatcher,
                Dispatcher.Received::new,
                Dispatcher.InputBegan::new,
                Dispatcher.Ack.INSTANCE,
                new Dispatcher.InputEnded(),
                trouble -> new Dispatcher.InputEnded());
        BossWatch watch = new BossWatch(config.settings().worker().heartbeatInterval(), sink, this::bossIsSilent);
        // The input may block the thread that it is pulled on; whoever watches it must not be on that one.
        input.async()
                .via(watch.commands(flows))
                .filter(this::isForDispatcher)
                .watchTermination(Keep.right())
                .buffer(MAX_READ_AHEAD, OverflowStrategy.backpressure())
                .to(commands)
                .run(system)
                .whenComplete((done, trouble) -> inputEnded());
    }

    /** Who is followed must be known at once, and not behind a {@code build_done} that waits for that very board. */
    private boolean isForDispatcher(DecodedCommand decoded) {
        if (decoded instanceof DecodedCommand.Accepted accepted
                && accepted.command() instanceof Command.Follow follow) {
            followed.follow(follow.board(), follow.watchers());
            return false;
        }
        return true;
    }

    /** The boss that pinged is gone, or can't be reached: nobody wants what is built here, and somebody may want the machine. */
    private void bossIsSilent(Duration silence) {
        end(1, () -> LOG.warn("the boss gave no sign of life for {} s: this worker ends", silence.toMillis() / 1000.0));
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
        end(status, status == 0 ? () -> sink.sendLast(new Response.QuitAck()) : () -> {});
    }

    private void end(int status, Runnable lastWords) {
        if (ending.compareAndSet(false, true)) {
            endStatus = status;
            Thread thread = new Thread(() -> endNow(status, lastWords), "worker-end");
            thread.start();
        }
    }

    private void endNow(int status, Runnable lastWords) {
        kill();
        // Apart, as nobody may read them: then they must not keep the worker.
        Thread thread = new Thread(lastWords, "worker-last-words");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(LAST_WORDS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
