package dev.buildboss.worker;

import dev.buildboss.protocol.Response;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** One build thread: makes its worktree, then builds boards, one at a time. It blocks, so it has a thread of its own. */
final class BuilderActor extends AbstractBehavior<BuilderActor.Command> {

    /** What a builder can be told. */
    sealed interface Command {}

    /** Make the worktree. */
    record Prepare() implements Command {}

    /** Build a board. */
    record Build(GivenBoard board) implements Command {}

    private final BuildSession session;
    private final int thread;
    private final ActorRef<Dispatcher.Command> dispatcher;
    private final Consumer<String> debug;

    private BuilderActor(
            ActorContext<Command> context,
            BuildSession session,
            int thread,
            ActorRef<Dispatcher.Command> dispatcher,
            Consumer<String> debug) {
        super(context);
        this.session = session;
        this.thread = thread;
        this.dispatcher = dispatcher;
        this.debug = debug;
    }

    static Behavior<Command> create(
            BuildSession session, int thread, ActorRef<Dispatcher.Command> dispatcher, Consumer<String> debug) {
        return Behaviors.setup(context -> new BuilderActor(context, session, thread, dispatcher, debug));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Prepare.class, this::onPrepare)
                .onMessage(Build.class, this::onBuild)
                .build();
    }

    private Behavior<Command> onPrepare(Prepare message) {
        Optional<String> trouble;
        try {
            trouble = session.checksOut() ? session.worktrees().make(thread, session.commits()) : Optional.empty();
            if (trouble.isEmpty() && session.checksOut()) {
                trouble = session.worktrees()
                        .clean(thread, session.options(), session.recipe().name());
            }
        } catch (RuntimeException e) {
            getContext().getLog().error("making worktree {} failed unexpectedly", thread, e);
            trouble = Optional.of("making worktree " + thread + " failed: " + e);
        }
        dispatcher.tell(new Dispatcher.WorktreeEnded(thread, trouble));
        return this;
    }

    private Behavior<Command> onBuild(Build message) {
        String board = message.board().spec().board();
        boolean asExpected = false;
        session.active().incrementAndGet();
        try {
            debug.accept("thread " + thread + ": " + board + ": start");
            session.sink().send(new Response.Heartbeat(board, thread));
            asExpected = new BoardBuild(session, thread, message.board()).run();
            debug.accept("thread " + thread + ": " + board + ": end");
        } finally {
            session.active().decrementAndGet();
            session.followed().ended(board);
            dispatcher.tell(new Dispatcher.BoardEnded(thread, asExpected));
        }
        return this;
    }
}
