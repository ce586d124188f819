package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.Inbound;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A conversation that is slow holds the worker up; memory does not grow with what the worker has to say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LineSinkTest {

    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 100;

    private ActorTestKit kit;

    @BeforeAll
    void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void takesNoMoreThanTheWindowUntilTheConversationIsDoneWithSome() {
        TestProbe<Conversation.Command> conversation = kit.createTestProbe();
        AtomicInteger pulled = new AtomicInteger();
        Source.range(0, PIECES - 1)
                .map(i -> {
                    pulled.incrementAndGet();
                    return piece(i);
                })
                .to(Sink.fromGraph(new LineSink(conversation.getRef())))
                .run(kit.system());

        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < PIECES; i++) {
            Conversation.Received received = conversation.expectMessageClass(Conversation.Received.class);
            // Nothing was given back yet of what is waiting: the window, and the one that filled it.
            assertThat(pulled.get() - i).isLessThanOrEqualTo(LineSink.MAX_WEIGHT / PIECE + 1);
            seen.add(commitOf(received));
            received.credit().giveBack();
        }

        assertThat(seen).isSorted().hasSize(PIECES);
        assertThat(conversation
                        .expectMessageClass(Conversation.OutputEnded.class)
                        .failure())
                .isEmpty();
    }

    @Test
    void takesALineThatIsLargerThanTheWindow() {
        TestProbe<Conversation.Command> conversation = kit.createTestProbe();
        Inbound large = new Inbound.Message(
                new Response.Artefact("b", 0, "log", ByteString.fromArray(new byte[2 * LineSink.MAX_WEIGHT]), true));

        Source.from(List.of(large, piece(1)))
                .to(Sink.fromGraph(new LineSink(conversation.getRef())))
                .run(kit.system());

        conversation.expectMessageClass(Conversation.Received.class).credit().giveBack();
        conversation.expectMessageClass(Conversation.Received.class).credit().giveBack();
        conversation.expectMessageClass(Conversation.OutputEnded.class);
    }

    @Test
    void saysWhyTheConnectionBrokeAfterTheLinesBeforeIt() {
        TestProbe<Conversation.Command> conversation = kit.createTestProbe();

        Source.range(0, 1)
                .map(i -> {
                    if (i == 1) {
                        throw new IOException("cut");
                    }
                    return piece(i);
                })
                .to(Sink.fromGraph(new LineSink(conversation.getRef())))
                .run(kit.system());

        conversation.expectMessageClass(Conversation.Received.class);
        assertThat(conversation
                        .expectMessageClass(Conversation.OutputEnded.class)
                        .failure())
                .hasValue("the connection broke: cut");
    }

    private static Inbound piece(int commit) {
        return new Inbound.Message(
                new Response.Artefact("b", commit, "log", ByteString.fromArray(new byte[PIECE]), true));
    }

    private static int commitOf(Conversation.Received received) {
        return ((Response.Artefact) ((Inbound.Message) received.inbound()).response()).commitUpto();
    }
}
