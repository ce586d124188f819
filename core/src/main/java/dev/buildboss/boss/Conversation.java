package dev.buildboss.boss;

import dev.buildboss.model.Machine;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.protocol.CellRef;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.Inbound;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.toolchain.HostCompilers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Speaks with one worker from its {@code ready} to its end: gives it the source and then boards as fast as it pulls them.
 *
 * <p>Lines of the worker come through a {@link LineSink} and give back their place in it when they are dealt with (a result:
 * when it is on disk): that is the byte stream's backpressure. Boards come from a stream of their own, {@link BoardStream}.
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

    /** The source is there; or why not. */
    record Pushed(Optional<String> failure) implements Command {}

    /** This computer's compilers are known, to be compared with the worker's. */
    record Compared(HostCompilers compilers) implements Command {}

    /** A line of the worker's. */
    record Received(LineSink.Credit credit, Inbound inbound) implements Command {}

    /** The worker's output is at its end. */
    record OutputEnded(Optional<String> failure) implements Command {}

    private record Exited(int status) implements Command {}

    /** Something took too long. */
    record TimedOut(String what) implements Command {}

    /** The worker let a board's deadline go by. */
    record Overdue(String board) implements Command {}

    /** The worker is not to build these any more: somebody else does, or did. */
    record Recall(WorkPlan.Recall what) implements Command {}

    /** Somebody follows that board, or does no more. */
    private record FollowChanged(String board) implements Command {}

    private record BoardTick() implements Command {}

    /** Where the conversation is, up to its {@link Parting}. */
    private enum Phase {
        HANDSHAKE,
        BUILDING,
        FINISHING,
        PARTING
    }

    /** It writes results, which blocks: a thread apart costs less than two changes of threads for each result. */
    static final DispatcherSelector OWN_THREAD = DispatcherSelector.fromConfig("buildboss-own-thread");

    private final RunContext run;
    private final Machine machine;
    private final ActorRef<WorkerProxy.Command> proxy;
    private final ActorRef<BoardPool.Command> pool;
    private final TimerScheduler<Command> timers;
    private final OpenBoards boards;
    private final CellAnswers answers;
    private final Talk talk;
    private final Parting parting;
    private final Handshake handshake;
    private final Consumer<String> followListener;

    private Phase phase = Phase.HANDSHAKE;

    private Conversation(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RunContext run,
            Machine machine,
            MachineLink link,
            Opening.Opened opened,
            MachineLog log,
            ActorRef<WorkerProxy.Command> proxy,
            ActorRef<BoardPool.Command> pool) {
        super(context);
        WorkerChannel channel = opened.channel();
        this.run = run;
        this.machine = machine;
        this.proxy = proxy;
        this.pool = pool;
        this.timers = timers;
        this.boards = new OpenBoards(machine.name(), run.request().commits().size(), pool);
        this.answers = new CellAnswers(run, machine, boards, log);
        WorkerWire wire = WorkerWire.connect(
                channel,
                run.flows(),
                run.settings(),
                log,
                text -> Talk.notice(run, machine.name(), text),
                context.getSelf(),
                context.getSystem());
        this.talk = new Talk(run, machine.name(), wire, timers, context.getSelf());
        this.parting = new Parting(talk, wire, boards, answers, log, how -> {
            // At once, so that the boards go elsewhere; the boss says later whether the machine comes back.
            pool.tell(new BoardPool.Leave(machine.name(), true, how.reason()));
            proxy.tell(how);
        });
        this.handshake = new Handshake(
                run,
                machine,
                link,
                opened.compilers(),
                pool,
                boards,
                answers,
                talk,
                parting,
                this::startBuilding,
                this::quit);
        ActorRef<Command> self = context.getSelf();
        this.followListener = board -> self.tell(new FollowChanged(board));
        run.hub().follows().listen(followListener);
        context.pipeToSelf(channel.exited(), (status, failure) -> new Exited(status == null ? -1 : status));
    }

    /**
     * A conversation with a worker that was started.
     *
     * @param link for the push
     * @param proxy is told {@link WorkerProxy.ConversationOver} at the end
     */
    static Behavior<Command> create(
            RunContext run,
            Machine machine,
            MachineLink link,
            Opening.Opened opened,
            MachineLog log,
            ActorRef<WorkerProxy.Command> proxy,
            ActorRef<BoardPool.Command> pool) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Conversation(context, timers, run, machine, link, opened, log, proxy, pool)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Received.class, this::onReceived)
                .onMessage(Build.class, this::onBuild)
                .onMessage(Pushed.class, this::onPushed)
                .onMessage(Compared.class, this::onCompared)
                .onMessage(BoardsDone.class, this::onBoardsDone)
                .onMessage(OutputEnded.class, ended -> onOutputEnded(ended.failure()))
                .onMessage(Exited.class, exited -> parting.exited(exited.status()))
                .onMessage(TimedOut.class, timedOut -> parting.timedOut(timedOut.what()))
                .onMessage(Finish.class, finish -> onFinish())
                .onMessage(Stop.class, stop -> onStop())
                .onMessage(FollowChanged.class, changed -> onFollowChanged(changed.board()))
                .onMessage(Recall.class, recall -> onRecall(recall.what()))
                .onMessage(BoardTick.class, tick -> onBoardTick())
                .onMessage(Overdue.class, late -> parting.timedOut("no sign of life about board " + late.board()))
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onPushed(Pushed pushed) {
        return phase == Phase.HANDSHAKE ? handshake.pushed(pushed.failure()) : this;
    }

    private Behavior<Command> onCompared(Compared compared) {
        if (phase == Phase.HANDSHAKE) {
            handshake.compared(compared.compilers());
        }
        return this;
    }

    // ---- building ----

    private void startBuilding() {
        phase = Phase.BUILDING;
        startBoardTick();
        CompletionStage<Done> done = BoardStream.run(
                machine.name(),
                handshake.slots(),
                pool,
                getContext().getSelf(),
                getContext().getSystem());
        getContext()
                .pipeToSelf(
                        done,
                        (ok, failure) -> new BoardsDone(
                                failure == null ? Optional.empty() : Optional.of(String.valueOf(failure))));
    }

    private Behavior<Command> onBuild(Build build) {
        Grant grant = build.grant();
        if (phase != Phase.BUILDING) {
            OpenBoards.refuse(build.closed());
            return this;
        }
        boards.open(grant, build.closed());
        BoardSpec spec = WorkerCommands.spec(run, grant, handshake.features());
        if (run.hub().follows().watchers(spec.board()) > 0) {
            onFollowChanged(spec.board()); // before the board itself, so that no piece of its log is missed
        }
        talk.send(new dev.buildboss.protocol.Command.BuildBoard(spec));
        boards.takeEarly(grant.id()).forEach(this::onRecall);
        pool.tell(new BoardPool.Started(
                machine.name(), spec.board(), grant.commits().size()));
        return this;
    }

    private Behavior<Command> onRecall(WorkPlan.Recall recall) {
        if (phase == Phase.BUILDING && boards.recall(recall)) {
            WorkerCommands.recall(recall).forEach(talk::send);
        }
        return this;
    }

    private Behavior<Command> onFollowChanged(String board) {
        boolean at = phase == Phase.BUILDING || phase == Phase.FINISHING;
        if (at && boards.isOut(board) && handshake.features().contains(Feature.FOLLOW)) {
            int watchers = run.hub().follows().watchers(board);
            talk.send(new dev.buildboss.protocol.Command.Follow(board, watchers));
        }
        return this;
    }

    /** Further lines may come when this one is dealt with: that is how a slow disk here slows the worker down. */
    private Behavior<Command> onReceived(Received received) {
        Behavior<Command> next = phase == Phase.PARTING ? this : onInbound(received.inbound());
        received.credit().giveBack();
        return next;
    }

    private Behavior<Command> onInbound(Inbound inbound) {
        if (inbound instanceof Inbound.Message message) {
            return onResponse(message.response());
        }
        if (inbound instanceof Inbound.Malformed malformed) {
            return parting.broke(Words.plain(malformed.reason()));
        }
        if (inbound instanceof Inbound.TooLong tooLong) {
            return onTooLong(tooLong);
        }
        return this; // noise and unknown responses are in the log; a truncated line is followed by the end
    }

    private Behavior<Command> onTooLong(Inbound.TooLong line) {
        if (line.cell().isEmpty()) {
            return parting.lost(CellAnswers.sizeOf(line));
        }
        CellRef cell = line.cell().get();
        return phase == Phase.BUILDING ? next(answers.tooLong(line, cell.board(), cell.commitUpto())) : this;
    }

    private Behavior<Command> onResponse(Response response) {
        if (response instanceof Response.BuildResult result) {
            run.hub().follows().built(result.board(), result.commitUpto(), machine.name());
            return phase == Phase.BUILDING ? next(answers.take(result)) : this;
        }
        if (response instanceof Response.Artefact artefact) {
            return phase == Phase.BUILDING ? next(answers.take(artefact)) : this;
        }
        if (response instanceof Response.GivenBack back) {
            return phase == Phase.BUILDING ? next(answers.take(back)) : this;
        }
        if (response instanceof Response.Log log) {
            if (boards.isOut(log.board())) {
                run.hub().follows().log(log.board(), log.commitUpto(), machine.name(), log.text());
            }
            return this;
        }
        if (response instanceof Response.Refusal refusal) {
            return handshake.refused(refusal);
        }
        if (response instanceof Response.BuildDone && phase == Phase.FINISHING) {
            return quit();
        }
        if (response instanceof Response.Heartbeat heartbeat) {
            boards.heard(heartbeat.board());
        }
        return handshake.on(response);
    }

    private Behavior<Command> next(CellAnswers.Next next) {
        boards.tellOfSplit(getContext().getSelf());
        if (next instanceof CellAnswers.Broke broke) {
            return parting.broke(broke.rule());
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
            return parting.lost("its stream of boards failed: " + done.failure().get());
        }
        phase = Phase.FINISHING;
        talk.limit(run.settings().boss().quitTimeout(), "`build_done`");
        talk.send(new dev.buildboss.protocol.Command.BuildDone());
        return this;
    }

    private Behavior<Command> quit() {
        phase = Phase.PARTING;
        parting.quit(run.settings().boss().quitTimeout());
        return this;
    }

    private Behavior<Command> onBoardTick() {
        boards.tell(getContext().getSelf(), tickInterval());
        startBoardTick();
        return this;
    }

    /** One at a time: those that pile up while a slow disk keeps this thread would count time in which nobody listened. */
    private void startBoardTick() {
        timers.startSingleTimer("boards", new BoardTick(), tickInterval());
    }

    private Duration tickInterval() {
        return OpenBoards.interval(WorkerCommands.silence(run, handshake.features()));
    }

    /** What is being built is finished; whoever is not that far is not needed any more. */
    private Behavior<Command> onFinish() {
        return phase.compareTo(Phase.BUILDING) < 0 ? quit() : this;
    }

    private Behavior<Command> onStop() {
        return phase == Phase.PARTING ? this : quit();
    }

    private Behavior<Command> onOutputEnded(Optional<String> failure) {
        return parting.outputEnded(failure.orElse("the connection closed"));
    }

    /** However this ends, an internal error included, no worker is left behind and no stream pulls on. */
    private Behavior<Command> onPostStop() {
        run.hub().follows().stopListening(followListener);
        run.hub().follows().left(machine.name());
        parting.release();
        return this;
    }
}
