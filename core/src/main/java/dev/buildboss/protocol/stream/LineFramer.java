package dev.buildboss.protocol.stream;

import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A stage that cuts bytes into lines, one for each pull; it asks for a chunk only when it is pulled and the last one is used
 * up.
 *
 * <p>A line over the limit becomes one {@link Line.TooLong}, and the stream goes on after it. Lines that arrived before the
 * stream's end or failure are all delivered before it is passed on: results that made it out of a machine count.
 */
public final class LineFramer extends GraphStage<FlowShape<ByteString, Line>> {

    /** How much of an over-long line is kept: enough to name the cell, whose board may have 200 characters. */
    public static final int HEAD_BYTES = 400;

    private final Inlet<ByteString> in = Inlet.create("LineFramer.in");
    private final Outlet<Line> out = Outlet.create("LineFramer.out");
    private final FlowShape<ByteString, Line> shape = FlowShape.of(in, out);
    private final int maxLine;

    /**
     * A framer.
     *
     * @param maxLine the longest line, in bytes without the newline
     */
    public LineFramer(int maxLine) {
        if (maxLine < 1) {
            throw new IllegalArgumentException("maxLine: " + maxLine);
        }
        this.maxLine = maxLine;
    }

    @Override
    public FlowShape<ByteString, Line> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {

        private final LineBuffer lines = new LineBuffer(maxLine);
        private boolean ended;
        private @Nullable Throwable failure;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    lines.add(grab(in));
                    emitNext();
                }

                @Override
                public void onUpstreamFinish() {
                    ended = true;
                    drain();
                }

                @Override
                public void onUpstreamFailure(Throwable cause) {
                    ended = true;
                    failure = cause;
                    drain();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    emitNext();
                }
            });
        }

        private void emitNext() {
            Optional<Line> line = lines.next();
            if (line.isPresent()) {
                push(out, line.get());
            } else if (ended) {
                drain();
            } else {
                pull(in);
            }
        }

        /** Ends after the last line; without demand it waits for the next pull, unless nothing is left. */
        private void drain() {
            Optional<Line> line = isAvailable(out) ? lines.next().or(lines::last) : Optional.empty();
            if (line.isPresent()) {
                push(out, line.get());
            }
            if (lines.isEmpty()) {
                if (failure != null) {
                    failStage(failure);
                } else {
                    completeStage();
                }
            }
        }
    }
}
