package dev.buildboss.worker;

import dev.buildboss.BuildbossException;
import dev.buildboss.files.FreeSpace;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.protocol.Command.BuildBoard;
import dev.buildboss.protocol.Command.BuildBoards;
import dev.buildboss.protocol.Command.BuildDone;
import dev.buildboss.protocol.Command.BuildPrepare;
import dev.buildboss.protocol.Command.Configure;
import dev.buildboss.protocol.Command.Quit;
import dev.buildboss.protocol.Command.Setup;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a boss's commands, strictly in order; boards go to {@link BuilderActor}s.
 *
 * <p>It has a thread of its own, because {@code setup}, {@code configure} and a boss that does not read make it wait. While
 * {@code build_boards}, {@code build_done} or a {@code build_prepare} is at work, later commands wait here; {@code quit} too, of
 * a boss that knows the base protocol only. The end of the input never waits. Pings do not come here: {@link BossWatch} answers them.
 */
final class Dispatcher extends AbstractBehavior<Dispatcher.Command> {

    /** What the dispatcher can be told. */
    sealed interface Command {}

    /** The input has begun. */
    record InputBegan(ActorRef<Ack> ackTo) implements Command {}

    /** A line of the boss's. */
    record Received(ActorRef<Ack> ackTo, DecodedCommand decoded) implements Command {}

    /** The boss is gone: no line will follow. */
    record InputEnded() implements Command {}

    /** A build thread's worktree is there, or can't be made. */
    record WorktreeEnded(int thread, Optional<String> trouble) implements Command {}

    /** A build thread is through with its board. */
    record BoardEnded(int thread, boolean asExpected) implements Command {}

    /** Time for signs of life. */
    private enum Beat implements Command {
        INSTANCE
    }

    /** The next line may come. */
    enum Ack {
        INSTANCE
    }

    /** What later commands wait for. */
    private enum WaitingFor {
        NOTHING,
        WORKTREES,
        BOARDS,
        /** It has quit: nothing is carried out any more. */
        END
    }

    /** The dispatcher (in the sense of threads) of each builder and of this actor: see {@code reference.conf}. */
    static final DispatcherSelector OWN_THREAD = DispatcherSelector.fromConfig("buildboss-own-thread");

    /** Commands and boards that may wait; an existing boss sends one board more than slots at most. */
    private static final int MAX_WAITING = 100_000;

    /** More boards at once than any machine has threads for. */
    private static final int MAX_SLOTS = 1024;

    private final WorkerConfig config;
    private final Workshop workshop;
    private final ResponseSink sink;
    private final IntConsumer end;
    private final Consumer<String> debug;
    private final Deque<DecodedCommand> waiting = new ArrayDeque<>();
    private final List<ActorRef<BuilderActor.Command>> builders = new ArrayList<>();
    private WaitingFor waitingFor = WaitingFor.NOTHING;
    private @Nullable BuildSession session;
    private Slots slots = new Slots(0);
    private final GivenBoards given;
    private int sessions;

    private Dispatcher(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            WorkerConfig config,
            Workshop workshop,
            ResponseSink sink,
            IntConsumer end,
            Consumer<String> debug) {
        super(context);
        this.config = config;
        this.workshop = workshop;
        this.sink = sink;
        this.given = new GivenBoards(sink);
        this.end = end;
        this.debug = debug;
        Duration interval = config.settings().worker().heartbeatInterval();
        timers.startTimerWithFixedDelay(Beat.INSTANCE, interval);
    }

    /**
     * A dispatcher.
     *
     * @param end ends the worker: 0 after {@code quit}, 1 when the input ends without one; returns at once
     * @param debug takes the lines of {@code -D}
     */
    static Behavior<Command> create(
            WorkerConfig config, Workshop workshop, ResponseSink sink, IntConsumer end, Consumer<String> debug) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Dispatcher(context, timers, config, workshop, sink, end, debug)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(InputBegan.class, message -> {
                    message.ackTo().tell(Ack.INSTANCE);
                    return this;
                })
                .onMessage(Received.class, this::onReceived)
                .onMessage(InputEnded.class, message -> {
                    end.accept(1);
                    return Behaviors.stopped();
                })
                .onMessage(WorktreeEnded.class, this::onWorktreeEnded)
                .onMessage(BoardEnded.class, this::onBoardEnded)
                .onMessage(Beat.class, this::onBeat)
                .build();
    }

    private Behavior<Command> onReceived(Received message) {
        message.ackTo().tell(Ack.INSTANCE);
        DecodedCommand decoded = message.decoded();
        if (decoded instanceof DecodedCommand.Accepted accepted && given.isAbout(accepted.command())) {
            given.on(accepted.command()); // at once: it is about boards that are being built while later commands wait
            return this;
        }
        boolean quits = decoded instanceof DecodedCommand.Accepted accepted && accepted.command() instanceof Quit;
        if (quits && (waitingFor == WaitingFor.NOTHING || workshop.bossKnowsExtensions())) {
            end.accept(0);
            return Behaviors.stopped();
        } else if (waitingFor == WaitingFor.NOTHING) {
            carryOut(decoded);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(decoded);
        } else {
            refuse("too many commands are waiting");
        }
        return this;
    }

    private void carryOut(DecodedCommand decoded) {
        try {
            if (decoded instanceof DecodedCommand.Rejected rejected) {
                boolean early = rejected.cmd().equals("build_board") && session == null;
                refuse(early ? "no builder (send build_prepare first)" : rejected.message());
            } else if (decoded instanceof DecodedCommand.Accepted accepted) {
                carryOut(accepted.command());
            }
        } catch (BuildbossException e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            getContext().getLog().error("a command failed unexpectedly", e);
            refuse("internal error: " + e);
        }
    }

    private void carryOut(dev.buildboss.protocol.Command command) {
        if (command instanceof Setup setup) {
            WorkDir made = workshop.setUp(setup.workDir());
            sink.send(new Response.SetupDone(
                    made.directory().toString(),
                    made.directory().resolve(".git").toString()));
        } else if (command instanceof Configure configure) {
            workshop.configure(configure);
            sink.send(new Response.ConfigureDone(workshop.toolchainInfos()));
        } else if (command instanceof BuildPrepare prepare) {
            prepare(prepare);
        } else if (command instanceof BuildBoards batch) {
            buildAll(batch);
        } else if (command instanceof BuildBoard one) {
            buildOne(one.spec());
        } else if (command instanceof BuildDone) {
            finish();
        } else if (command instanceof Quit) {
            waitingFor = WaitingFor.END;
            end.accept(0);
        }
    }

    private void refuse(String why) {
        sink.send(new Response.Refusal(why));
    }

    private void prepare(BuildPrepare command) {
        if (session != null) {
            refuse("a builder is there already (send build_done first)");
            return;
        }
        int wanted = Math.min(MAX_SLOTS, command.maxBoards() > 0 ? command.maxBoards() : workshop.boardsAtOnce());
        int count = workshop.roomFor(wanted, command.commits());
        BuildSession made =
                workshop.session(command.commits(), new JobsRule(config.threads(), count, command.jobs(), true), sink);
        boolean early = made.has(Feature.EARLY_PREPARE);
        begin(made, count);
        if (early) {
            sink.send(new Response.BuildPrepareDone());
        } else {
            waitingFor = WaitingFor.WORKTREES;
        }
        startBuilders();
    }

    private void buildAll(BuildBoards command) {
        if (command.boards().isEmpty()) {
            refuse("no boards specified");
            return;
        }
        if (session != null) {
            refuse("a builder is there already (send build_done first)");
            return;
        }
        int count = workshop.roomFor(
                Math.min(workshop.boardsAtOnce(), command.boards().size()), command.commits());
        begin(workshop.session(command.commits(), new JobsRule(config.threads(), count, 0, false), sink), count);
        command.boards().forEach(board -> slots.add(given.add(board)));
        waitingFor = WaitingFor.BOARDS;
        startBuilders();
    }

    private void begin(BuildSession made, int count) {
        session = made;
        slots = new Slots(count);
        sessions++;
        if (!made.isCurrentSource()) {
            sink.send(new Response.BuildStarted(count));
        }
        for (int thread = 0; thread < count; thread++) {
            Behavior<BuilderActor.Command> builder =
                    BuilderActor.create(made, thread, getContext().getSelf(), debug);
            String name = "builder-" + sessions + "-" + thread;
            builders.add(getContext().spawn(builder, name, OWN_THREAD));
        }
    }

    private void startBuilders() {
        builders.forEach(builder -> builder.tell(new BuilderActor.Prepare()));
    }

    private void buildOne(BoardSpec board) {
        if (session == null) {
            refuse("no builder (send build_prepare first)");
            return;
        }
        slots.add(given.add(board));
        advance();
    }

    private void finish() {
        if (session == null) {
            sink.send(new Response.BuildDone(0));
            return;
        }
        waitingFor = WaitingFor.BOARDS;
        advance();
    }

    private Behavior<Command> onWorktreeEnded(WorktreeEnded message) {
        BuildSession current = session;
        if (current == null) {
            return this;
        }
        if (message.trouble().isPresent()) {
            getContext().getLog().warn("{}", message.trouble().get());
            slots.broken(message.thread(), message.trouble().get());
        } else {
            slots.ready(message.thread());
            if (!current.isCurrentSource()) {
                sink.send(new Response.WorktreeCreated(message.thread()));
            }
        }
        advance();
        return this;
    }

    private Behavior<Command> onBoardEnded(BoardEnded message) {
        slots.ended(message.thread(), message.asExpected());
        advance();
        return this;
    }

    private Behavior<Command> onBeat(Beat beat) {
        for (Slots.Start start : slots.alive()) {
            sink.send(new Response.Heartbeat(start.board().spec().board(), start.slot()));
        }
        return this;
    }

    /** Starts what can start, and ends what is through. */
    private void advance() {
        BuildSession current = session;
        if (current == null) {
            return;
        }
        for (Optional<Slots.Start> next = slots.next(); next.isPresent(); next = slots.next()) {
            Slots.Start start = next.get();
            builders.get(start.slot()).tell(new BuilderActor.Build(start.board()));
        }
        for (GivenBoard board : slots.hopeless()) {
            giveUp(current, board);
        }
        if (waitingFor == WaitingFor.WORKTREES && slots.isPrepared()) {
            sink.send(new Response.BuildPrepareDone());
            resume();
        } else if (waitingFor == WaitingFor.BOARDS && slots.isIdle()) {
            int exceptions = slots.exceptions();
            builders.forEach(builder -> getContext().stop(builder));
            builders.clear();
            session = null;
            slots = new Slots(0);
            given.clear();
            sink.send(new Response.BuildDone(exceptions));
            resume();
        }
    }

    private void giveUp(BuildSession current, GivenBoard board) {
        List<Integer> commits = board.spec().commits();
        ResultSender results = new ResultSender(current, board.spec().board());
        long freeBytes = FreeSpace.of(current.workDir().directory());
        for (int cell = 0; cell < current.cells(); cell++) {
            if ((commits.isEmpty() || commits.contains(cell)) && board.answers(cell)) {
                results.noSource(cell, slots.trouble(), freeBytes);
            }
        }
    }

    private void resume() {
        waitingFor = WaitingFor.NOTHING;
        while (waitingFor == WaitingFor.NOTHING && !waiting.isEmpty()) {
            carryOut(waiting.remove());
        }
    }
}
