package dev.buildboss.worker;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.protocol.stream.SilenceWatch;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * Answers a boss's pings, and finds out when a boss that has pinged is silent: it is gone then, or can't be reached.
 *
 * <p>It stands where lines are read, before the {@link Dispatcher}, which may be busy for minutes or stuck in a write that nobody
 * reads. Neither may keep a ping unheard; nor may an answer that nobody reads, so there is one at most under way, on a thread apart.
 */
final class BossWatch {

    /** Intervals of silence after which the boss counts as gone; half of one more, as the watch may be a twelfth early. */
    private static final int HALF_INTERVALS = 11;

    private final Duration ownInterval;
    private final ResponseSink sink;
    private final SilenceWatch watch;
    private final AtomicBoolean answering = new AtomicBoolean();
    private volatile Duration interval;

    /**
     * Waits for a first ping.
     *
     * @param ownInterval between pings, if they do not say it themselves
     * @param silent is told, once, how long nothing came
     */
    BossWatch(Duration ownInterval, ResponseSink sink, Consumer<Duration> silent) {
        this.ownInterval = ownInterval;
        this.interval = ownInterval;
        this.sink = sink;
        this.watch = new SilenceWatch(() -> silent.accept(limit()));
    }

    /** What the boss writes, without its pings. */
    Flow<ByteString, DecodedCommand, NotUsed> commands(ProtocolFlows flows) {
        return Flow.of(ByteString.class).via(watch).via(flows.commands()).filter(this::isForOthers);
    }

    private boolean isForOthers(DecodedCommand decoded) {
        if (decoded instanceof DecodedCommand.Accepted accepted && accepted.command() instanceof Command.Ping ping) {
            interval = ping.everyMs() > 0 ? Duration.ofMillis(ping.everyMs()) : ownInterval;
            watch.begin(limit());
            answer();
            return false;
        }
        return true;
    }

    private Duration limit() {
        return interval.multipliedBy(HALF_INTERVALS).dividedBy(2);
    }

    private void answer() {
        if (answering.compareAndSet(false, true)) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            sink.send(new Response.Pong());
                        } finally {
                            answering.set(false);
                        }
                    },
                    "worker-pong");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
