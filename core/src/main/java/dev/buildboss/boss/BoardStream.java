package dev.buildboss.boss;

import dev.buildboss.plan.Grant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import scala.util.Try;

/**
 * The dispatch: one fused stream a worker, in which backpressure hands out the boards.
 *
 * <p>The source asks the pool only when it is pulled; the one stage behind it has at most {@code slots} boards out and pulls again
 * when one is closed, that is when its last commit is stored. There is no buffer and no asynchronous boundary in between: a buffer
 * would be boards that left the pool before anybody could build them.
 */
final class BoardStream {

    private BoardStream() {}

    /**
     * Runs until the pool has nothing more for that worker and all its boards are closed; a board that is closed with a failure
     * ends it at once: a worker that is gone must not pull another. So does the end of the conversation, which a board on its
     * way there would never be closed by.
     */
    static CompletionStage<Done> run(
            String worker,
            int slots,
            ActorRef<BoardPool.Command> pool,
            ActorRef<Conversation.Command> proxy,
            ActorSystem<?> system) {
        CompletableFuture<Done> end = new CompletableFuture<>();
        Source.unfoldAsync(worker, name -> {
                    CompletableFuture<Optional<Grant>> reply = new CompletableFuture<>();
                    pool.tell(new BoardPool.RequestWork(name, proxy, reply));
                    return reply.thenApply(grant -> grant.map(g -> Pair.create(name, g)));
                })
                .mapAsyncUnordered(slots, grant -> {
                    CompletableFuture<Done> closed = new CompletableFuture<>();
                    proxy.tell(new Conversation.Build(grant, closed));
                    return closed;
                })
                .watch(Adapter.toClassic(proxy))
                .runWith(Sink.onComplete(result -> complete(end, result)), system);
        return end;
    }

    /** Without the detour over the JVM's common pool that a stream's own future takes. */
    private static void complete(CompletableFuture<Done> end, Try<Done> result) {
        if (result.isSuccess()) {
            end.complete(Done.getInstance());
        } else {
            end.completeExceptionally(result.failed().get());
        }
    }
}
