package dev.buildboss.boss;

import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Stands for one machine, for one connection: looks at it, starts the worker, leaves the talking to a {@link Conversation}, puts
 * the machine to rest and reports how it ended. A machine that is lost gets a new proxy from {@link Boss}.
 */
public final class WorkerProxy extends AbstractBehavior<WorkerProxy.Command> {

    /** What a proxy can be told. */
    public sealed interface Command {}

    /** All cells have their outcomes: end in order. */
    public record Finish() implements Command {}

    /** The user stopped the run; {@code now}: without waiting for any answer. */
    public record Stop(boolean now) implements Command {}

    /**
     * The conversation's last words; {@code byForce}: there is nobody there to put anything in order; {@code built}: the worker built
     * something.
     */
    record ConversationOver(Boss.End how, String reason, boolean byForce, boolean built) implements Command {
        /** Where nothing was built. */
        ConversationOver(Boss.End how, String reason, boolean byForce) {
            this(how, reason, byForce, false);
        }
    }

    /** A result could not be written on this computer. */
    record StorageFailed(String reason) implements Command {}

    private record Started(
            Opening.@Nullable Opened opened, @Nullable Throwable failure) implements Command {}

    private record ConversationGone() implements Command {}

    /** The machine is in order, or that took too long. */
    private record Tidied() implements Command {}

    private record Closed() implements Command {}

    private final RunContext run;
    private final Machine machine;
    private final MachineLink link;
    private final MachineLog log;
    private final ActorRef<Boss.Command> boss;
    private final ActorRef<BoardPool.Command> pool;

    private final TimerScheduler<Command> timers;

    private Optional<WorkerChannel> channel = Optional.empty();
    private Optional<ActorRef<Conversation.Command>> conversation = Optional.empty();
    private Optional<ConversationOver> over = Optional.empty();
    private boolean closing;

    private WorkerProxy(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RunContext run,
            Machine machine,
            MachineLink link,
            boolean again,
            ActorRef<Boss.Command> boss,
            ActorRef<BoardPool.Command> pool) {
        super(context);
        this.timers = timers;
        this.run = run;
        this.machine = machine;
        this.link = link;
        this.boss = boss;
        this.pool = pool;
        this.log = MachineLog.open(
                run.store().outputDir(),
                machine.name(),
                run.clock(),
                run.settings().boss().maxLog(),
                again);
        context.pipeToSelf(
                Opening.open(run, machine, link, this::expect), (started, failure) -> new Started(started, failure));
    }

    /**
     * A proxy for one connection to a machine.
     *
     * @param again whether the machine was lost before in this run
     */
    public static Behavior<Command> create(
            RunContext run,
            Machine machine,
            MachineLink link,
            boolean again,
            ActorRef<Boss.Command> boss,
            ActorRef<BoardPool.Command> pool) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new WorkerProxy(context, timers, run, machine, link, again, boss, pool)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Started.class, this::onStarted)
                .onMessage(Finish.class, message -> onFinish())
                .onMessage(Stop.class, this::onStop)
                .onMessage(StorageFailed.class, this::onStorageFailed)
                .onMessage(ConversationOver.class, this::end)
                .onMessage(ConversationGone.class, message -> onConversationGone())
                .onMessage(Tidied.class, message -> onTidied())
                .onMessage(Closed.class, message -> onClosed())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    /** What it will be able to do is known long before it can: whoever is ready sooner leaves something for it. */
    private void expect(MachineFacts facts) {
        pool.tell(new BoardPool.Expect(machine.name(), WorkerCommands.expectedPower(run, machine, facts.threads())));
    }

    private Behavior<Command> onStarted(Started started) {
        Opening.Opened opened = started.opened();
        if (opened == null) {
            Throwable failure = started.failure();
            String reason = failure == null ? "the worker did not start" : Failures.reason(failure);
            return end(new ConversationOver(
                    Failures.isBusy(failure) ? Boss.End.BUSY : Boss.End.UNAVAILABLE, reason, false));
        }
        if (over.isPresent()) {
            opened.channel().kill();
            return this;
        }
        channel = Optional.of(opened.channel());
        ActorRef<Conversation.Command> talk = getContext()
                .spawn(
                        Conversation.create(
                                run, machine, link, opened, log, getContext().getSelf(), pool),
                        "conversation",
                        Conversation.OWN_THREAD);
        getContext().watchWith(talk, new ConversationGone());
        conversation = Optional.of(talk);
        return this;
    }

    private Behavior<Command> onFinish() {
        if (conversation.isEmpty()) {
            return end(new ConversationOver(Boss.End.FINISHED, "not needed", true));
        }
        conversation.get().tell(new Conversation.Finish());
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        if (stop.now()) {
            channel.ifPresent(WorkerChannel::kill);
            over = over.or(() -> Optional.of(new ConversationOver(Boss.End.STOPPED, "stopped", true)));
            if (!closing) {
                run.closers().execute(link::close); // without waiting for it
            }
            return onClosed();
        }
        if (conversation.isEmpty()) {
            return end(new ConversationOver(Boss.End.STOPPED, "stopped", true));
        }
        conversation.get().tell(new Conversation.Stop());
        return this;
    }

    private Behavior<Command> onStorageFailed(StorageFailed failed) {
        boss.tell(new Boss.StorageFailed(failed.reason()));
        return this;
    }

    /** An actor that ended without its last words failed: so does this one, and the boss reports an internal error. */
    private Behavior<Command> onConversationGone() {
        if (over.isEmpty()) {
            throw new IllegalStateException("the conversation with " + machine.name() + " failed");
        }
        return this;
    }

    /** What is at rest is put in order; what had to be ended by force is only ended. */
    private Behavior<Command> end(ConversationOver how) {
        if (over.isPresent()) {
            return this;
        }
        over = Optional.of(how);
        if (how.byForce()) {
            return onTidied();
        }
        timers.startSingleTimer(new Tidied(), run.settings().boss().quitTimeout());
        getContext().pipeToSelf(link.tidy(), (ok, failure) -> new Tidied());
        return this;
    }

    private Behavior<Command> onTidied() {
        if (!closing) {
            closing = true;
            timers.startSingleTimer(
                    new Closed(), run.settings().boss().quitTimeout()); // it is only not waited for any longer
            CompletableFuture<Void> closed = CompletableFuture.runAsync(link::close, run.closers());
            getContext().pipeToSelf(closed, (ok, failure) -> new Closed());
        }
        return this;
    }

    private Behavior<Command> onClosed() {
        WorkerChannel.Traffic traffic = channel.map(WorkerChannel::traffic).orElse(new WorkerChannel.Traffic(0, 0));
        over.ifPresent(how -> boss.tell(new Boss.MachineEnded(
                machine.name(), how.how(), how.reason(), traffic.sentBytes(), traffic.receivedBytes(), how.built())));
        return Behaviors.stopped();
    }

    /** However this ends, an internal error included, no worker is left behind. */
    private Behavior<Command> onPostStop() {
        if (over.isEmpty()) {
            channel.ifPresent(WorkerChannel::kill);
            run.closers().execute(link::close);
        }
        log.close();
        return this;
    }
}
