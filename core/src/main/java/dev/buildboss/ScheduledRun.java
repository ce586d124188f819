package dev.buildboss;

import dev.buildboss.boss.Boss;
import dev.buildboss.boss.EventHub;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** One run as its caller sees it. */
final class ScheduledRun implements BuildRun {
    private final EventHub hub;
    private final CompletableFuture<BuildReport> report = new CompletableFuture<>();
    private @Nullable ActorRef<Boss.Command> boss;
    private Optional<Boss.StopRun> stop = Optional.empty();

    ScheduledRun(EventHub hub) {
        this.hub = hub;
    }

    synchronized void begin(ActorRef<Boss.Command> started) {
        boss = started;
        stop.ifPresent(started::tell);
    }

    void end(BuildReport result) {
        hub.end(new BuildEvent.RunEnded(result, result.duration()));
        report.complete(result);
    }

    void fail(Throwable failure) {
        hub.end(new BuildEvent.Notice("", String.valueOf(failure.getMessage())));
        report.completeExceptionally(failure);
    }

    EventHub hub() {
        return hub;
    }

    CompletableFuture<BuildReport> future() {
        return report;
    }

    @Override
    public Flow.Publisher<BuildEvent> events() {
        return hub;
    }

    @Override
    public CompletionStage<BuildReport> report() {
        return report.minimalCompletionStage();
    }

    @Override
    public void cancel() {
        stop(false);
    }

    @Override
    public void cancelNow() {
        stop(true);
    }

    private synchronized void stop(boolean now) {
        Boss.StopRun message = new Boss.StopRun(now);
        stop = Optional.of(message);
        if (boss != null) {
            boss.tell(message);
        }
    }
}
