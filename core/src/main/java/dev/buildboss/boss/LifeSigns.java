package dev.buildboss.boss;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.stream.SilenceWatch;
import java.time.Duration;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Asks a worker for signs of life and finds out when it gives none: it stands still, its machine is gone, or the way there is.
 *
 * <p>Both are done by the streams and not by the {@link Conversation}: that one may be at a write on a slow disk, and must neither
 * look dead to the worker then nor take the worker's unread lines for silence. See {@link SilenceWatch} for what counts.
 */
final class LifeSigns {

    /** The part of the limit that is left for whatever is then to be done. */
    private static final int PARTS_KEPT = 48;

    private final Duration interval;
    private final Duration limit;
    private final SilenceWatch watch;
    private volatile boolean pings;

    /**
     * Does not ask yet.
     *
     * @param interval between two questions
     * @param missed how many answers may be missing
     * @param silent runs once, on a stream's thread, when the worker was silent for too long
     */
    LifeSigns(Duration interval, int missed, Runnable silent) {
        this.interval = interval;
        this.limit = interval.multipliedBy(missed);
        this.watch = new SilenceWatch(silent);
    }

    /** Asks, and expects answers, from now on. */
    void begin() {
        pings = true;
        watch.begin(limit.minus(limit.dividedBy(PARTS_KEPT)));
    }

    /** One question. */
    Command ping() {
        return new Command.Ping(Math.toIntExact(interval.toMillis()));
    }

    /** The questions; those that a worker does not take in time are left out. */
    Source<Command, ?> pings() {
        return Source.tick(interval, interval, ping()).filter(tick -> pings);
    }

    /** What the worker says, as it is. */
    Flow<ByteString, ByteString, NotUsed> watch() {
        return Flow.of(ByteString.class).via(watch);
    }
}
