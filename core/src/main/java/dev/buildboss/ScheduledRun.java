package dev.buildboss;

import dev.buildboss.boss.Boss;
import dev.buildboss.boss.EventHub;
import dev.buildboss.model.Cell;
import dev.buildboss.toolchain.HostCompilers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private volatile Set<Cell> previous = Set.of();
    private Optional<Boss.StopRun> stop = Optional.empty();
    /** Runs that this one waits for; they stop with it. */
    private final List<ScheduledRun> parts = new ArrayList<>();

    ScheduledRun(EventHub hub) {
        this.hub = hub;
    }

    /** The run's first event. */
    void announce(BuildEvent.RunStarted event, Set<Cell> there) {
        previous = Set.copyOf(there);
        hub.publish(event);
    }

    synchronized void begin(ActorRef<Boss.Command> started) {
        boss = started;
        stop.ifPresent(started::tell);
    }

    synchronized void waitsFor(ScheduledRun part) {
        parts.add(part);
        var unused = part.future().whenComplete((done, failure) -> forget(part));
        stop.ifPresent(message -> part.stop(message.now()));
    }

    private synchronized void forget(ScheduledRun part) {
        parts.remove(part);
    }

    /** What is still looked at on a machine is of no use once all is built. */
    private synchronized void stopParts() {
        List.copyOf(parts).forEach(part -> part.stop(false));
    }

    /** What was found of this computer's compilers, or why nothing was, with a word about what does not work. */
    HostCompilers compilers(@Nullable HostCompilers found, @Nullable Throwable failure) {
        if (found == null) {
            hub.publish(new BuildEvent.Notice(
                    "", "this computer's compilers can't be told, machines' are not compared: " + failure));
            return HostCompilers.NONE;
        }
        found.broken()
                .forEach(path -> hub.publish(
                        new BuildEvent.Notice("", "this compiler does not work and is passed over: " + path)));
        return found;
    }

    void end(BuildReport result) {
        stopParts();
        hub.end(new BuildEvent.RunEnded(result, result.duration()));
        report.complete(result);
    }

    void fail(Throwable failure) {
        stopParts();
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
    public Set<Cell> previous() {
        return previous;
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
        List.copyOf(parts).forEach(part -> part.stop(now));
        if (boss != null) {
            boss.tell(message);
        }
    }
}
