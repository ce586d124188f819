package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.Grant;
import dev.buildboss.protocol.CellRef;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.Inbound;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.WorkerChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
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
 * Speaks with one worker from its {@code ready} to its end: gives it the source and then boards as fast as it pulls them.
 *
 * <p>Messages from the worker come one at a time, each acknowledged when it is dealt with (a result: when it is on disk): that is
 * the byte stream's backpressure. Boards come from a stream of their own, {@link BoardStream}.
 */
final class Conversation extends AbstractBehavior<Conversation.Command> {

    /** What a conversation can be told. */
    sealed interface Command {}

    /** All cells have their outcomes: end in order. */
    record Finish() implements Command {}

    /** The user stopped the run: the worker is to quit. */
    record Stop() implements Command {}

    /** The stream pulled a board; {@code closed} completes when its last commit is stored. */
    record Build(Grant grant, CompletableFuture<Done> closed) implements Command {}

    /** No board will come any more, and all that came are closed. */
    private record BoardsDone(Optional<String> failure) implements Command {}

    private record Pushed(
            @Nullable PushReport report, @Nullable Throwable failure) implements Command {}

    /** A line of the worker's. */
    record Received(ActorRef<WorkerWire.Ack> ack, Inbound inbound) implements Command {}

    /** The worker's output is at its end. */
    record OutputEnded(Optional<String> failure) implements Command {}

    private record Written(
            CellAnswers.Write write,
            Optional<CellOutcome> outcome,
            @Nullable Throwable failure,
            ActorRef<WorkerWire.Ack> ack)
            implements Command {}

    private record Exited(int status) implements Command {}

    /** Something took too long. */
    record TimedOut(String what) implements Command {}

    private record BoardTick() implements Command {}

    /** Where the conversation is. */
    private enum Phase {
        GREETING,
        PUSHING,
        CONFIGURING,
        PREPARING,
        BUILDING,
        FINISHING,
        QUITTING,
        OVER
    }

    private static final String PHASE_TIMER = "phase";

    /** Between the end of a worker's output and its exit status, or the other way round. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(2);

    private final RunContext run;
    private final Machine machine;
    private final MachineLink link;
    private final ActorRef<WorkerProxy.Command> proxy;
    private final ActorRef<BoardPool.Command> pool;
    private final TimerScheduler<Command> timers;
    private final MachineLog log;
    private final OpenBoards boards;
    private final CellAnswers answers;
    private final WorkerWire wire;

    private Phase phase = Phase.GREETING;
    private Set<Feature> features = Set.of();
    private int slots;
    private int worktrees;
    private boolean writing;
    private boolean closed;
    private Optional<Verdict> verdict = Optional.empty();
    private Optional<String> outputEnded = Optional.empty();
    private Optional<Integer> exited = Optional.empty();

    private Conversation(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RunContext run,
            Machine machine,
            MachineLink link,
            WorkerChannel channel,
            MachineLog log,
            ActorRef<WorkerProxy.Command> proxy,
            ActorRef<BoardPool.Command> pool) {
        super(context);
        this.run = run;
        this.machine = machine;
        this.link = link;
        this.proxy = proxy;
        this.pool = pool;
        this.timers = timers;
        this.log = log;
        this.boards = new OpenBoards(machine.name(), run.request().commits().size(), pool);
        this.answers = new CellAnswers(run, machine, boards);
        this.wire = WorkerWire.connect(
                channel,
                run.flows(),
                log,
                text -> run.hub().publish(new BuildEvent.Notice(machine.name(), text)),
                context.getSelf(),
                context.getSystem());
        context.pipeToSelf(channel.exited(), (status, failure) -> new Exited(status == null ? -1 : status));
        limit(run.settings().boss().readyTimeout(), "`ready` after the worker's start");
    }

    /**
     * A conversation with the worker at the other end of a channel.
     *
     * @param link for the push
     * @param proxy is told {@link WorkerProxy.ConversationOver} when nothing is being written any more
     */
    static Behavior<Command> create(
            RunContext run,
            Machine machine,
            MachineLink link,
            WorkerChannel channel,
            MachineLog log,
            ActorRef<WorkerProxy.Command> proxy,
            ActorRef<BoardPool.Command> pool) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Conversation(context, timers, run, machine, link, channel, log, proxy, pool)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Received.class, this::onReceived)
                .onMessage(Written.class, this::onWritten)
                .onMessage(Build.class, this::onBuild)
                .onMessage(Pushed.class, this::onPushed)
                .onMessage(BoardsDone.class, this::onBoardsDone)
                .onMessage(OutputEnded.class, this::onOutputEnded)
                .onMessage(Exited.class, this::onExited)
                .onMessage(TimedOut.class, timedOut -> onTimedOut(timedOut.what()))
                .onMessage(Finish.class, finish -> onFinish())
                .onMessage(Stop.class, stop -> onStop())
                .onMessage(BoardTick.class, tick -> onBoardTick())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    // ---- getting there ----

    private void onReady(Response.Ready ready) {
        features = ready.features();
        slots = WorkerCommands.slots(run, machine, ready);
        boards.selects(features.contains(Feature.COMMIT_SELECTION));
        state(MachineState.PREPARING, "");
        if (machine.workerCommand().isEmpty()) {
            phase = Phase.PUSHING;
            timers.cancel(PHASE_TIMER); // the link bounds the push
            getContext().pipeToSelf(link.push(Opening.source(run)), (report, failure) -> new Pushed(report, failure));
        } else {
            configure();
        }
    }

    private Behavior<Command> onPushed(Pushed pushed) {
        if (phase != Phase.PUSHING) {
            return this;
        }
        if (pushed.failure() != null) {
            return lost(Failures.reason(pushed.failure()));
        }
        configure();
        return this;
    }

    private void configure() {
        phase = Phase.CONFIGURING;
        limit(run.settings().boss().setupTimeout(), "`configure_done`");
        send(WorkerCommands.configure(run, features));
    }

    private Behavior<Command> onConfigured(Response.ConfigureDone done) {
        Capability capability = WorkerCommands.capability(run, features, done);
        boolean useful = run.request().boards().stream().anyMatch(board -> capability.canBuild(board.arch()));
        pool.tell(new BoardPool.Join(machine.name(), getContext().getSelf(), capability));
        if (!useful) {
            state(MachineState.UNAVAILABLE, "no compiler for any of the boards");
            quit();
            return this;
        }
        phase = Phase.PREPARING;
        limit(run.settings().boss().setupTimeout(), "`build_prepare_done`");
        send(WorkerCommands.prepare(run, machine, features, slots));
        return this;
    }

    private void onPrepared() {
        phase = Phase.BUILDING;
        timers.cancel(PHASE_TIMER);
        timers.startTimerWithFixedDelay(
                "boards", new BoardTick(), run.settings().boss().boardLimit().dividedBy(OpenBoards.TICKS_OF_LIMIT));
        state(MachineState.BUILDING, "");
        CompletionStage<Done> done = BoardStream.run(
                machine.name(),
                slots,
                pool,
                getContext().getSelf(),
                getContext().getSystem());
        getContext()
                .pipeToSelf(
                        done,
                        (ok, failure) -> new BoardsDone(
                                failure == null ? Optional.empty() : Optional.of(String.valueOf(failure))));
    }

    // ---- building ----

    private Behavior<Command> onBuild(Build build) {
        Grant grant = build.grant();
        if (phase != Phase.BUILDING) {
            OpenBoards.refuse(build.closed());
            return this;
        }
        boards.open(grant, build.closed());
        BoardSpec spec = WorkerCommands.spec(run, grant, features);
        send(new dev.buildboss.protocol.Command.BuildBoard(spec));
        run.hub()
                .publish(new BuildEvent.BoardStarted(
                        grant.board().target(), machine.name(), grant.commits().size()));
        return this;
    }

    private Behavior<Command> onReceived(Received received) {
        if (phase == Phase.OVER) {
            received.ack().tell(WorkerWire.Ack.GO_ON);
            return this;
        }
        Inbound inbound = received.inbound();
        if (inbound instanceof Inbound.Message message) {
            return onResponse(message.response(), received.ack());
        }
        received.ack().tell(WorkerWire.Ack.GO_ON);
        if (inbound instanceof Inbound.Malformed malformed) {
            return broke(Words.plain(malformed.reason()));
        }
        if (inbound instanceof Inbound.TooLong tooLong) {
            return onTooLong(tooLong);
        }
        return this; // noise and unknown responses are in the log; a truncated line is followed by the end
    }

    private Behavior<Command> onTooLong(Inbound.TooLong line) {
        if (line.cell().isEmpty()) {
            return lost(CellAnswers.sizeOf(line));
        }
        CellRef cell = line.cell().get();
        return phase == Phase.BUILDING ? next(answers.tooLong(line, cell.board(), cell.commitUpto())) : this;
    }

    private Behavior<Command> onResponse(Response response, ActorRef<WorkerWire.Ack> ack) {
        if (response instanceof Response.BuildResult result) {
            return onCellAnswer(() -> answers.take(result), ack);
        }
        if (response instanceof Response.Artefact artefact) {
            return onCellAnswer(() -> answers.take(artefact), ack);
        }
        ack.tell(WorkerWire.Ack.GO_ON);
        if (response instanceof Response.Heartbeat heartbeat) {
            if (!boards.heard(heartbeat.board()) && phase == Phase.PREPARING) {
                limit(run.settings().boss().setupTimeout(), "`build_prepare_done`");
            }
        } else if (response instanceof Response.WorktreeCreated) {
            worktrees++;
            if (phase == Phase.PREPARING) {
                limit(run.settings().boss().setupTimeout(), "`build_prepare_done`");
            }
            run.hub().publish(new BuildEvent.SetupProgress(machine.name(), Math.min(worktrees, slots), slots));
        } else if (response instanceof Response.Ready ready && phase == Phase.GREETING) {
            onReady(ready);
        } else if (response instanceof Response.ConfigureDone done && phase == Phase.CONFIGURING) {
            return onConfigured(done);
        } else if (response instanceof Response.BuildPrepareDone && phase == Phase.PREPARING) {
            onPrepared();
        } else if (response instanceof Response.BuildDone && phase == Phase.FINISHING) {
            quit();
        } else if (response instanceof Response.Refusal refusal) {
            return onRefusal(refusal);
        }
        return this;
    }

    private Behavior<Command> onRefusal(Response.Refusal refusal) {
        String message = Words.plain(refusal.msg());
        if (phase == Phase.GREETING) {
            Boss.End how = refusal.busy().isPresent() ? Boss.End.BUSY : Boss.End.UNAVAILABLE;
            return end(new Verdict(how, message, false));
        }
        return phase == Phase.QUITTING ? this : lost("the worker says: " + message);
    }

    /** A result or a piece of one; acknowledged when it is dealt with. */
    private Behavior<Command> onCellAnswer(Supplier<CellAnswers.Next> taken, ActorRef<WorkerWire.Ack> ack) {
        // What a stopped run still sends is passed over.
        CellAnswers.Next next = phase == Phase.BUILDING ? taken.get() : new CellAnswers.GoOn();
        if (next instanceof CellAnswers.Write write) {
            writing = true;
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(write.task(), run.writers()),
                            (outcome, failure) ->
                                    new Written(write, outcome == null ? Optional.empty() : outcome, failure, ack));
            return this;
        }
        ack.tell(WorkerWire.Ack.GO_ON);
        return next(next);
    }

    private Behavior<Command> onWritten(Written written) {
        writing = false;
        written.ack().tell(WorkerWire.Ack.GO_ON);
        CellAnswers.Next next = answers.written(written.write(), written.outcome(), written.failure());
        return verdict.isPresent() ? close() : next(next);
    }

    private Behavior<Command> next(CellAnswers.Next next) {
        if (next instanceof CellAnswers.Broke broke) {
            return broke(broke.rule());
        }
        if (next instanceof CellAnswers.StorageFailed failed) {
            proxy.tell(new WorkerProxy.StorageFailed(failed.reason()));
        }
        return this;
    }

    // ---- ending ----

    private Behavior<Command> onBoardsDone(BoardsDone done) {
        if (phase != Phase.BUILDING) {
            return this;
        }
        if (done.failure().isPresent()) {
            return lost("its stream of boards failed: " + done.failure().get());
        }
        phase = Phase.FINISHING;
        limit(run.settings().boss().quitTimeout(), "`build_done`");
        send(new dev.buildboss.protocol.Command.BuildDone());
        return this;
    }

    private void quit() {
        phase = Phase.QUITTING;
        timers.cancelAll();
        timers.startSingleTimer(
                PHASE_TIMER,
                new TimedOut("the end after `quit`"),
                run.settings().boss().quitTimeout());
        send(new dev.buildboss.protocol.Command.Quit());
        wire.closeInput();
    }

    private Behavior<Command> onBoardTick() {
        Optional<String> silent = boards.tick();
        return silent.isPresent() ? onTimedOut("no sign of life about board " + silent.get()) : this;
    }

    private Behavior<Command> onTimedOut(String what) {
        return lost("no answer: " + what, true);
    }

    /** What is being built is finished; whoever is not that far is not needed any more. */
    private Behavior<Command> onFinish() {
        return phase.compareTo(Phase.BUILDING) < 0 ? onStop() : this;
    }

    private Behavior<Command> onStop() {
        if (phase.compareTo(Phase.QUITTING) < 0) {
            boards.abandon();
            quit();
        }
        return this;
    }

    /** The connection's end and the worker's come in either order; together they say more. */
    private Behavior<Command> onOutputEnded(OutputEnded ended) {
        if (phase.compareTo(Phase.QUITTING) < 0) {
            outputEnded = Optional.of(ended.failure().orElse("the connection closed"));
            return afterEnd();
        }
        return this;
    }

    private Behavior<Command> onExited(Exited message) {
        if (phase == Phase.QUITTING) {
            return end(new Verdict(Boss.End.FINISHED, "finished", false));
        }
        exited = Optional.of(message.status());
        return phase == Phase.OVER ? this : afterEnd();
    }

    private Behavior<Command> afterEnd() {
        if (outputEnded.isPresent() && exited.isPresent()) {
            return lost(exited.get() < 0 ? outputEnded.get() : "the worker ended with status " + exited.get());
        }
        timers.startSingleTimer(
                PHASE_TIMER,
                new TimedOut(outputEnded.orElse("the worker is gone, but not its connection")),
                END_PATIENCE);
        return this;
    }

    /** The worker can't be trusted any more: its boards go elsewhere, and it is not asked again in this run. */
    private Behavior<Command> broke(String rule) {
        if (phase == Phase.OVER || phase == Phase.QUITTING) {
            return lost(rule, true);
        }
        String reason = "it broke the protocol: " + rule;
        log.trouble(reason);
        return end(new Verdict(Boss.End.EXPELLED, reason, true));
    }

    private Behavior<Command> lost(String reason) {
        return lost(reason, false);
    }

    private Behavior<Command> lost(String reason, boolean byForce) {
        if (phase == Phase.OVER) {
            return this;
        }
        if (phase == Phase.QUITTING) {
            return end(new Verdict(Boss.End.FINISHED, "ended by force: " + reason, true));
        }
        log.trouble(reason);
        return end(new Verdict(Boss.End.LOST, reason, byForce));
    }

    /** The end has begun: nothing is sent any more. */
    private Behavior<Command> end(Verdict how) {
        if (verdict.isPresent()) {
            return this;
        }
        phase = Phase.OVER;
        timers.cancelAll();
        boards.abandon();
        verdict = Optional.of(how);
        return writing ? this : close();
    }

    /** Only when nothing is being written any more: a result that was on its way to disk still counts. */
    private Behavior<Command> close() {
        release();
        verdict.ifPresent(how -> {
            // At once, so that the boards go elsewhere; the boss says later whether the machine comes back.
            pool.tell(new BoardPool.Leave(machine.name(), true, how.reason()));
            proxy.tell(new WorkerProxy.ConversationOver(how.end(), how.reason(), how.byForce()));
        });
        return Behaviors.stopped();
    }

    private void release() {
        if (!closed) {
            closed = true;
            wire.kill();
            if (!writing) { // else the store's end removes what is not whole
                run.writers().execute(this::discard);
            }
        }
    }

    private void discard() {
        try {
            answers.discard();
        } catch (IOException e) {
            log.trouble("files of unfinished cells: " + Failures.reason(e));
        }
    }

    /** However this ends, an internal error included, no worker is left behind and no stream pulls on. */
    private Behavior<Command> onPostStop() {
        boards.abandon();
        release();
        return this;
    }

    /** How it ended. */
    private record Verdict(Boss.End end, String reason, boolean byForce) {}

    // ---- small things ----

    private void send(dev.buildboss.protocol.Command command) {
        if (!wire.send(command)) {
            getContext().getSelf().tell(new TimedOut("its input is full"));
        }
    }

    private void state(MachineState state, String detail) {
        run.hub().publish(new BuildEvent.MachineChanged(machine.name(), state, detail));
    }

    private void limit(Duration limit, String what) {
        timers.startSingleTimer(PHASE_TIMER, new TimedOut(what), limit);
    }
}
