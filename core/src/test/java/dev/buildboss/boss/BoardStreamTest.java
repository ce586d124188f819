package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.plan.Grant;
import dev.buildboss.testing.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nothing leaves the pool before a pull, and at most as many boards are out as there are slots. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoardStreamTest {

    private static final Duration QUIET = Duration.ofMillis(100);

    private ActorTestKit kit;
    private TestProbe<BoardPool.Command> pool;
    private TestProbe<Conversation.Command> proxy;
    private long grants;

    @BeforeAll
    void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void probes() {
        pool = kit.createTestProbe();
        proxy = kit.createTestProbe();
    }

    @Test
    void asksForOneBoardAtATimeAndNeverForMoreThanThereAreSlots() {
        run(2);
        BoardPool.RequestWork first = request();
        pool.expectNoMessage(QUIET);

        grant(first);
        proxy.expectMessageClass(Conversation.Build.class);
        grant(request());
        Conversation.Build second = proxy.expectMessageClass(Conversation.Build.class);
        pool.expectNoMessage(QUIET);

        second.closed().complete(Done.getInstance());
        request();
        pool.expectNoMessage(QUIET);
    }

    @Test
    void oneSlotMeansOneBoardOut() {
        run(1);
        grant(request());
        Conversation.Build build = proxy.expectMessageClass(Conversation.Build.class);
        pool.expectNoMessage(QUIET);

        build.closed().complete(Done.getInstance());

        assertThat(request().worker()).isEqualTo("w");
    }

    @Test
    void endsWhenThePoolHasNothingAndTheLastBoardIsClosed() {
        CompletableFuture<Done> end = run(2).toCompletableFuture();
        grant(request());
        Conversation.Build build = proxy.expectMessageClass(Conversation.Build.class);
        request().reply().complete(Optional.empty());
        assertThat(end).isNotDone();

        build.closed().complete(Done.getInstance());

        assertThat(end).succeedsWithin(Waits.LIMIT);
    }

    @Test
    void pullsNothingMoreOnceABoardWasRefused() {
        CompletableFuture<Done> end = run(2).toCompletableFuture();
        grant(request());
        Conversation.Build build = proxy.expectMessageClass(Conversation.Build.class);
        grant(request());
        proxy.expectMessageClass(Conversation.Build.class);

        OpenBoards.refuse(build.closed());

        assertThat(end).failsWithin(Waits.LIMIT);
        pool.expectNoMessage(QUIET);
    }

    @Test
    void endsWithTheConversationThoughABoardOnItsWayThereIsNeverClosed() {
        CompletableFuture<Done> end = run(2).toCompletableFuture();
        grant(request());
        proxy.expectMessageClass(Conversation.Build.class);

        proxy.stop();

        assertThat(end).failsWithin(Waits.LIMIT);
    }

    private CompletionStage<Done> run(int slots) {
        return BoardStream.run("w", slots, pool.getRef(), proxy.getRef(), kit.system());
    }

    private BoardPool.RequestWork request() {
        return pool.expectMessageClass(BoardPool.RequestWork.class);
    }

    private void grant(BoardPool.RequestWork request) {
        grants++;
        request.reply().complete(Optional.of(new Grant(grants, "w", Board.of("b" + grants, "arm"), List.of(0))));
    }
}
