package dev.buildboss.protocol.stream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Passes a peer's bytes on, and tells when none came for too long. For one stream each.
 *
 * <p>Any byte is a sign of life. Silence is counted in ticks of this stage's own, each begun when the one before is dealt with, and
 * only while the peer is asked for more. So nobody is taken for dead because this process was stopped, was suspended with its
 * computer, is busy, or does not read because somebody behind it is slow; and the time of day plays no part.
 */
public final class SilenceWatch extends GraphStage<FlowShape<ByteString, ByteString>> {

    /** Ticks of a limit: silence is told after eleven twelfths of it at least, and all of it at most. */
    static final int PARTS = 12;

    private static final String TICK = "tick";

    private final Inlet<ByteString> in = Inlet.create("SilenceWatch.in");
    private final Outlet<ByteString> out = Outlet.create("SilenceWatch.out");
    private final Runnable silent;
    private volatile Optional<Duration> limit = Optional.empty();
    private volatile @Nullable AsyncCallback<Duration> running;

    /**
     * Not watching yet.
     *
     * @param silent runs once, on the stream's thread, when the peer was silent for too long
     */
    public SilenceWatch(Runnable silent) {
        this.silent = requireNonNull(silent, "silent");
    }

    /** Watches from now on, by this limit; another limit replaces it. May be called from any thread. */
    public void begin(Duration wanted) {
        if (limit.filter(wanted::equals).isEmpty()) {
            limit = Optional.of(wanted);
            AsyncCallback<Duration> stage = running;
            if (stage != null) {
                stage.invoke(wanted);
            }
        }
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return FlowShape.of(in, out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {

        private final AsyncCallback<Duration> begun = createAsyncCallback(this::begin);
        private Duration tick = Duration.ZERO;
        private int silentTicks;
        private boolean told;

        Logic() {
            super(SilenceWatch.this.shape());
            AbstractInOutHandler handler = new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    silentTicks = 0;
                    push(out, grab(in));
                }

                @Override
                public void onPull() {
                    pull(in);
                }
            };
            setHandler(in, handler);
            setHandler(out, handler);
        }

        @Override
        public void preStart() {
            running = begun;
            limit.ifPresent(this::begin); // it may have been told before this stream ran
        }

        private void begin(Duration wanted) {
            tick = wanted.dividedBy(PARTS);
            silentTicks = 0;
            scheduleOnce(TICK, tick);
        }

        @Override
        public void onTimer(Object key) {
            silentTicks = hasBeenPulled(in) ? silentTicks + 1 : 0;
            if (silentTicks < PARTS) {
                scheduleOnce(TICK, tick);
            } else if (!told) {
                told = true;
                silent.run();
            }
        }
    }
}
