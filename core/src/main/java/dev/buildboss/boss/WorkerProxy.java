package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.Grant;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.Inbound;
import dev.buildboss.results.CellWriter;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.WorkerChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
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
 * Speaks for one machine, for one connection: looks at it, starts the worker, gives it the source and then boards as fast as it
 * pulls them, and reports how it ended. A machine that is lost gets a new proxy from {@link Boss}.
 *
 * <p>Messages from the worker come one at a time, each acknowledged when it is dealt with (a result: when it is on disk): that is
 * the byte stream's backpressure. Boards come from a stream of their own, {@link BoardStream}.
 */
public final class WorkerProxy extends AbstractBehavior<WorkerProxy.Command> {

    /** What a proxy can be told. */
    public sealed interface Command {}

    /** All cells have their outcomes: end in order. */
    public record Finish() implements Command {}

    /** The user stopped the run; {@code now}: without waiting for any answer. */
    public record Stop(boolean now) implements Command {}

    /** The stream pulled a board; {@code closed} completes when its last commit is stored. */
    record Build(Grant grant, CompletableFuture<Done> closed) implements Command {}

    /** No board will come any more, and all that came are closed. */
    private record BoardsDone(Optional<String> failure) implements Command {}

    private record Started(
            @Nullable WorkerChannel channel, @Nullable Throwable failure) implements Command {}

    private record Pushed(
            @Nullable PushReport report, @Nullable Throwable failure) implements Command {}

    /** A line of the worker's. */
    record Received(ActorRef<WorkerWire.Ack> ack, Inbound inbound) implements Command {}

    /** The worker's output is at its end. */
    record OutputEnded(Optional<String> failure) implements Command {}

    private record Written(
            LeaseBook.Expected cell,
            Response response,
            @Nullable CellOutcome outcome,
            @Nullable Throwable failure,
            ActorRef<WorkerWire.Ack> ack)
            implements Command {}

    private record Exited(int status) implements Command {}

    /** Something took too long. */
    record TimedOut(String what) implements Command {}

    private record BoardTick() implements Command {}

    private record Closed() implements Command {}

    /** Where the conversation is. */
    private enum Phase {
        OPENING,
        GREETING,
        PUSHING,
        CONFIGURING,
        PREPARING,
        BUILDING,
        FINISHING,
        QUITTING,
        CLOSING
    }

    private static final String PHASE_TIMER = "phase";

    /** What a worker may claim to take at once: as {@code max-boards}. */
    private static final int MAX_SLOTS = 4096;

    private final RunContext run;
    private final Machine machine;
    private final ActorRef<Boss.Command> boss;
    private final ActorRef<BoardPool.Command> pool;
    private final TimerScheduler<Command> timers;
    private final MachineLink link;
    private final MachineLog log;
    private final CellFiles files;

    private Phase phase = Phase.OPENING;
    private Optional<WorkerWire> wire = Optional.empty();
    private OpenBoards boards;
    private Set<Feature> features = Set.of();
    private int slots;
    private int worktrees;
    private boolean writing;
    private boolean byForce;
    private boolean closing;
    private Optional<Boss.End> ending = Optional.empty();
    private String endReason = "";

    private WorkerProxy(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RunContext run,
            Machine machine,
            MachineLink link,
            ActorRef<Boss.Command> boss,
            ActorRef<BoardPool.Command> pool) {
        super(context);
        this.run = run;
        this.machine = machine;
        this.boss = boss;
        this.pool = pool;
        this.timers = timers;
        this.link = link;
        this.log = MachineLog.open(
                run.store().outputDir(),
                machine.name(),
                run.clock(),
                run.settings().boss().maxLog());
        this.files = new CellFiles(
                run.store(),
                run.settings().boss().writeBuffer(),
                machine.isLocal() ? Optional.empty() : Optional.of(machine.name()));
        this.boards = new OpenBoards(run, machine.name(), true, pool);
        context.pipeToSelf(Opening.open(run, machine, link), (channel, failure) -> new Started(channel, failure));
    }

    /** A proxy for one connection to a machine. */
    public static Behavior<Command> create(
            RunContext run,
            Machine machine,
            MachineLink link,
            ActorRef<Boss.Command> boss,
            ActorRef<BoardPool.Command> pool) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new WorkerProxy(context, timers, run, machine, link, boss, pool)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Received.class, this::onReceived)
                .onMessage(Written.class, this::onWritten)
                .onMessage(Build.class, this::onBuild)
                .onMessage(Started.class, this::onStarted)
                .onMessage(Pushed.class, this::onPushed)
                .onMessage(BoardsDone.class, this::onBoardsDone)
                .onMessage(OutputEnded.class, this::onOutputEnded)
                .onMessage(Exited.class, this::onExited)
                .onMessage(TimedOut.class, timedOut -> onTimedOut(timedOut.what()))
                .onMessage(Finish.class, finish -> onFinish())
                .onMessage(Stop.class, this::onStop)
                .onMessage(BoardTick.class, tick -> onBoardTick())
                .onMessage(Closed.class, closed -> onClosed())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    // ---- getting there ----

    private Behavior<Command> onStarted(Started started) {
        WorkerChannel channel = started.channel();
        if (channel == null) {
            Throwable failure = started.failure();
            return end(Boss.End.UNAVAILABLE, failure == null ? "the worker did not start" : Failures.reason(failure));
        }
        if (phase != Phase.OPENING) {
            channel.kill();
            return this;
        }
        phase = Phase.GREETING;
        wire = Optional.of(WorkerWire.connect(
                channel,
                run.flows(),
                log,
                text -> run.hub().publish(new BuildEvent.Notice(machine.name(), text)),
                getContext().getSelf(),
                getContext().getSystem()));
        getContext().pipeToSelf(channel.exited(), (status, failure) -> new Exited(status == null ? -1 : status));
        limit(run.settings().boss().readyTimeout(), "`ready` after the worker's start");
        return this;
    }

    private void onReady(Response.Ready ready) {
        features = ready.features();
        int own = machine.isLocal() ? run.settings().local().slots() : machine.maxBoards();
        int most = own > 0 ? own : Math.max(1, ready.slots());
        slots = Math.max(
                1, Math.min(Math.min(most, MAX_SLOTS), run.request().boards().size()));
        boards = new OpenBoards(run, machine.name(), features.contains(Feature.COMMIT_SELECTION), pool);
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
        Capability capability = features.contains(Feature.TOOLCHAINS)
                ? WorkerCommands.capability(
                        done.toolchains().keySet(), run.settings().toolchains())
                : new Capability.Any();
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
        if (phase == Phase.CLOSING) {
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

    private Behavior<Command> onTooLong(Inbound.TooLong tooLong) {
        String reason = "a line of " + tooLong.bytes() + " bytes is over protocol.max-line";
        if (tooLong.cell().isEmpty()) {
            return lost(reason);
        }
        String board = tooLong.cell().get().board();
        int commit = tooLong.cell().get().commitUpto();
        LeaseBook.Check check = boards.check(board, commit);
        boolean piece = tooLong.excerpt().contains("\"artefact\"");
        if (check instanceof LeaseBook.Expected expected) {
            NotBuilt refused = new NotBuilt(Reason.RESULT_REFUSED, "output too large: " + reason);
            if (piece) {
                boards.refuse(expected, refused);
            } else {
                boards.settle(expected, refused, "");
            }
        } else if (check instanceof LeaseBook.PassedOver && !piece) {
            boards.answered(board, commit);
        }
        return check instanceof LeaseBook.Foreign foreign ? broke("an answer for " + foreign.reason()) : this;
    }

    private Behavior<Command> onResponse(Response response, ActorRef<WorkerWire.Ack> ack) {
        if (response instanceof Response.BuildResult result) {
            return onCellAnswer(result.board(), result.commitUpto(), response, ack);
        }
        if (response instanceof Response.Artefact artefact) {
            return onCellAnswer(artefact.board(), artefact.commitUpto(), response, ack);
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
            return end(Boss.End.UNAVAILABLE, message);
        }
        return phase == Phase.QUITTING ? this : lost("the worker says: " + message);
    }

    /** A result or a piece of one: held against the leases, then written off this thread; acknowledged when written. */
    private Behavior<Command> onCellAnswer(String board, int commit, Response response, ActorRef<WorkerWire.Ack> ack) {
        if (phase != Phase.BUILDING) {
            ack.tell(WorkerWire.Ack.GO_ON); // what a stopped run still sends
            return this;
        }
        LeaseBook.Check check = boards.check(board, commit);
        if (check instanceof LeaseBook.Foreign foreign) {
            ack.tell(WorkerWire.Ack.GO_ON);
            return broke("an answer for " + foreign.reason());
        }
        boards.heard(board);
        if (check instanceof LeaseBook.Expected expected) {
            if (response instanceof Response.Artefact artefact && files.hold(expected.cell(), artefact)) {
                ack.tell(WorkerWire.Ack.GO_ON);
                return this;
            }
            writing = true;
            CompletableFuture<CellOutcome> written =
                    CompletableFuture.supplyAsync(() -> write(expected.cell(), response), run.writers());
            getContext()
                    .pipeToSelf(written, (outcome, failure) -> new Written(expected, response, outcome, failure, ack));
        } else {
            if (response instanceof Response.BuildResult) {
                files.release(new Cell(board, commit));
                boards.answered(board, commit);
            }
            ack.tell(WorkerWire.Ack.GO_ON);
        }
        return this;
    }

    private @Nullable CellOutcome write(Cell cell, Response response) {
        try {
            if (response instanceof Response.Artefact artefact) {
                files.piece(cell, artefact);
                return null;
            }
            return files.finish(cell, (Response.BuildResult) response);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Behavior<Command> onWritten(Written written) {
        writing = false;
        written.ack().tell(WorkerWire.Ack.GO_ON);
        Throwable failure = written.failure() == null ? null : Failures.root(written.failure());
        if (failure instanceof CellWriter.RefusedException) {
            broke(Failures.reason(failure));
        } else if (failure != null) {
            boards.refuse(written.cell(), Failures.notStored(failure));
            if (!(failure instanceof CellWriter.TooLargeException)) {
                boss.tell(new Boss.StorageFailed(Failures.reason(failure)));
            }
        }
        if (written.response() instanceof Response.BuildResult result) {
            CellOutcome outcome = written.outcome();
            if (outcome != null) {
                boards.settle(written.cell(), outcome, result.stderr());
            } else if (!(failure instanceof CellWriter.RefusedException)) {
                boards.answered(result.board(), result.commitUpto());
            }
        }
        return ending.isPresent() ? close() : this;
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
        wire.ifPresent(WorkerWire::closeInput);
    }

    private Behavior<Command> onBoardTick() {
        Optional<String> silent = boards.tick();
        return silent.isPresent() ? onTimedOut("no sign of life about board " + silent.get()) : this;
    }

    private Behavior<Command> onTimedOut(String what) {
        byForce = true;
        return lost("no answer: " + what);
    }

    private Behavior<Command> onFinish() {
        if (phase == Phase.OPENING) {
            byForce = true;
            return end(Boss.End.FINISHED, "not needed");
        }
        return phase.compareTo(Phase.BUILDING) < 0 ? onStop(new Stop(false)) : this;
    }

    private Behavior<Command> onStop(Stop stop) {
        if (stop.now() || phase.compareTo(Phase.GREETING) < 0) {
            byForce = true;
            return phase == Phase.CLOSING ? this : end(Boss.End.STOPPED, "stopped");
        }
        if (phase.compareTo(Phase.QUITTING) < 0) {
            boards.abandon();
            quit();
        }
        return this;
    }

    private Behavior<Command> onOutputEnded(OutputEnded ended) {
        if (phase == Phase.QUITTING || phase == Phase.CLOSING) {
            return this;
        }
        return lost(ended.failure().orElse("the connection closed"));
    }

    private Behavior<Command> onExited(Exited exited) {
        if (phase == Phase.QUITTING) {
            return end(Boss.End.FINISHED, "finished");
        }
        if (phase == Phase.CLOSING) {
            return this;
        }
        // The last lines may still be on their way; the output's end follows, or this timer.
        limit(run.settings().boss().quitTimeout(), "the worker ended with status " + exited.status());
        return this;
    }

    /** The worker can't be trusted any more: its boards go elsewhere, and it is not asked again in this run. */
    private Behavior<Command> broke(String rule) {
        byForce = true;
        if (phase == Phase.CLOSING || phase == Phase.QUITTING) {
            return lost(rule);
        }
        String reason = "it broke the protocol: " + rule;
        log.trouble(reason);
        return end(Boss.End.EXPELLED, reason);
    }

    private Behavior<Command> lost(String reason) {
        if (phase == Phase.CLOSING) {
            return this;
        }
        if (phase == Phase.QUITTING) {
            return end(Boss.End.FINISHED, "ended by force: " + reason);
        }
        log.trouble(reason);
        return end(Boss.End.LOST, reason);
    }

    /** The end has begun: nothing is sent any more, and the link is closed off this thread. */
    private Behavior<Command> end(Boss.End how, String reason) {
        if (ending.isPresent()) {
            return this;
        }
        phase = Phase.CLOSING;
        timers.cancelAll();
        boards.abandon();
        ending = Optional.of(how);
        endReason = reason;
        return writing ? this : close();
    }

    /** What is at rest is put in order; what had to be ended by force is only ended. */
    private Behavior<Command> close() {
        if (closing) {
            return this;
        }
        closing = true;
        // Only now: a result that was being written still counts. The boss says later whether the machine comes back.
        pool.tell(new BoardPool.Leave(machine.name(), true, endReason));
        wire.ifPresent(WorkerWire::kill);
        CompletionStage<Void> tidied = byForce ? CompletableFuture.completedFuture(null) : link.tidy();
        CompletableFuture<Void> closed = tidied.toCompletableFuture()
                .orTimeout(run.settings().boss().quitTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((ok, failure) -> "")
                .thenRunAsync(this::closeFiles, run.writers())
                .thenRunAsync(link::close, run.closers());
        getContext().pipeToSelf(closed, (ok, failure) -> new Closed());
        return this;
    }

    private void closeFiles() {
        try {
            files.discardAll();
        } catch (IOException e) {
            log.trouble("files of unfinished cells: " + Failures.reason(e));
        }
        log.close();
    }

    private Behavior<Command> onClosed() {
        WorkerChannel.Traffic traffic = wire.map(WorkerWire::traffic).orElse(new WorkerChannel.Traffic(0, 0));
        boss.tell(new Boss.MachineEnded(
                machine.name(),
                ending.orElse(Boss.End.LOST),
                endReason,
                boards.stored(),
                traffic.sentBytes(),
                traffic.receivedBytes()));
        return Behaviors.stopped();
    }

    /** However this proxy ends, an internal error included, no worker is left behind. */
    private Behavior<Command> onPostStop() {
        if (!closing) {
            closing = true;
            boards.abandon();
            wire.ifPresent(WorkerWire::kill);
            run.closers().execute(link::close);
            log.close();
        }
        return this;
    }

    // ---- small things ----

    private void send(dev.buildboss.protocol.Command command) {
        if (wire.isPresent() && !wire.get().send(command)) {
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
