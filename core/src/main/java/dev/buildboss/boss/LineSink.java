package dev.buildboss.boss;

import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.Inbound;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Hands a worker's lines to its {@link Conversation} and takes no more when some {@value #MAX_WEIGHT} bytes of them are not dealt
 * with: the byte stream's backpressure.
 *
 * <p>Pekko's own sink for actors takes a line when the one before was acknowledged; with a change of threads for each of these
 * acknowledgements, they cost more than what the conversation does with a line.
 */
final class LineSink extends GraphStage<SinkShape<Inbound>> {

    /** A line's part in the window; the conversation gives it back when it is done with the line. */
    @FunctionalInterface
    interface Credit {
        /** The line is dealt with; to be called once. */
        void giveBack();
    }

    /** Bytes that may wait; more than any small result, so that one is decoded while the one before is written. */
    static final int MAX_WEIGHT = 256 * 1024;

    /** What any line takes in memory, whatever is in it. */
    private static final int LINE_WEIGHT = 1024;

    private final Inlet<Inbound> in = Inlet.create("LineSink.in");
    private final ActorRef<Conversation.Command> conversation;

    LineSink(ActorRef<Conversation.Command> conversation) {
        this.conversation = conversation;
    }

    @Override
    public SinkShape<Inbound> shape() {
        return SinkShape.of(in);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    /** Roughly the bytes of a line's texts. */
    private static long weight(Inbound inbound) {
        if (!(inbound instanceof Inbound.Message message)) {
            return LINE_WEIGHT;
        }
        if (message.response() instanceof Response.Artefact artefact) {
            return (long) LINE_WEIGHT + artefact.data().size();
        }
        if (message.response() instanceof Response.BuildResult result) {
            long texts = (long) result.stdout().length() + result.stderr().length();
            for (String text : result.files().values()) {
                texts += text.length();
            }
            for (String text : result.config().values()) {
                texts += text.length();
            }
            return LINE_WEIGHT + texts;
        }
        return LINE_WEIGHT;
    }

    private final class Logic extends GraphStageLogic {

        private final AtomicLong waiting = new AtomicLong();
        private final AtomicBoolean stalled = new AtomicBoolean();
        private final AsyncCallback<String> goOn = createAsyncCallback(unused -> pullIfRoom());

        Logic() {
            super(LineSink.this.shape());
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    hand(grab(in));
                    pullIfRoom();
                }

                @Override
                public void onUpstreamFinish() {
                    conversation.tell(new Conversation.OutputEnded(Optional.empty()));
                    completeStage();
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    conversation.tell(new Conversation.OutputEnded(Optional.of(WorkerWire.reasonOf(failure))));
                    failStage(failure);
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }

        private void hand(Inbound inbound) {
            long weight = weight(inbound);
            waiting.addAndGet(weight);
            conversation.tell(new Conversation.Received(() -> giveBack(weight), inbound));
        }

        /** On the conversation's thread. */
        private void giveBack(long weight) {
            if (waiting.addAndGet(-weight) < MAX_WEIGHT && stalled.compareAndSet(true, false)) {
                goOn.invoke("");
            }
        }

        private void pullIfRoom() {
            if (waiting.get() >= MAX_WEIGHT) {
                stalled.set(true);
                // Room made before the flag was up was not reported.
                if (waiting.get() >= MAX_WEIGHT || !stalled.compareAndSet(true, false)) {
                    return;
                }
            }
            if (!isClosed(in) && !hasBeenPulled(in)) {
                pull(in);
            }
        }
    }
}
