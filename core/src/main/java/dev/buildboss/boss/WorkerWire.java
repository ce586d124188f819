package dev.buildboss.boss;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerChannel;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The streams between a proxy and its worker's channel: commands are framed and sent, lines are decoded and handed to the
 * conversation, never more than it keeps up with.
 */
final class WorkerWire {

    /** Above anything that can be under way: a command for each slot, and the few of the handshake. */
    private static final int MAX_COMMANDS = 8192;

    private final WorkerChannel channel;
    private final BoundedSourceQueue<Command> commands;
    private final LifeSigns life;

    private WorkerWire(WorkerChannel channel, BoundedSourceQueue<Command> commands, LifeSigns life) {
        this.channel = channel;
        this.commands = commands;
        this.life = life;
    }

    /**
     * Connects the streams.
     *
     * @param settings how often the worker gives signs of life, and how many may be missing
     * @param notice gets each line of the worker's stderr, on a stream's thread
     */
    static WorkerWire connect(
            WorkerChannel channel,
            ProtocolFlows flows,
            Settings settings,
            MachineLog log,
            Consumer<String> notice,
            ActorRef<Conversation.Command> conversation,
            ActorSystem<?> system) {
        LifeSigns life = new LifeSigns(
                settings.worker().heartbeatInterval(),
                settings.boss().missedHeartbeats(),
                () -> conversation.tell(new Conversation.TimedOut("any sign of life")));
        BoundedSourceQueue<Command> commands = Source.<Command>queue(MAX_COMMANDS)
                .merge(life.pings(), true)
                .via(flows.encodeCommands())
                .map(line -> {
                    log.sent(line.toArrayUnsafe());
                    return line;
                })
                .toMat(channel.input(), Keep.left())
                .run(system);
        channel.output()
                .via(life.watch())
                .via(flows.responses((ByteString line) -> log.received(line.toArrayUnsafe())))
                .to(Sink.fromGraph(new LineSink(conversation)))
                .run(system);
        channel.errors()
                .via(flows.text())
                .to(Sink.foreach(text -> {
                    log.trouble(text);
                    notice.accept(text);
                }))
                .run(system);
        return new WorkerWire(channel, commands, life);
    }

    static String reasonOf(Throwable failure) {
        String message = failure.getMessage();
        return "the connection broke: "
                + Words.plain(message == null ? failure.getClass().getSimpleName() : message);
    }

    /** Queues a command; false if the worker has not read thousands before it. */
    boolean send(Command command) {
        QueueOfferResult result = commands.offer(command);
        return result == QueueOfferResult.enqueued() || commands.isCompleted();
    }

    /** The worker is asked for signs of life from now on, and lost when it gives none. */
    void expectLife() {
        life.begin();
        send(life.ping()); // at once: a worker watches for a boss that it has heard a ping from
    }

    /** End of file for the worker, after what was sent. */
    void closeInput() {
        if (!commands.isCompleted()) {
            commands.complete();
        }
    }

    WorkerChannel.Traffic traffic() {
        return channel.traffic();
    }

    void kill() {
        closeInput();
        channel.kill();
    }
}
