package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.Compiler;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.CompilerRule;
import dev.buildboss.plan.Power;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.toolchain.CompilerScan;
import dev.buildboss.toolchain.HostCompilers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * How a {@link Conversation} gets from a worker's {@code ready} to its {@code build_prepare_done}, and what was agreed on the way.
 * Used by one conversation, on its thread; what it returns is that actor's next behaviour.
 */
final class Handshake {

    /** What is waited for. */
    private enum Step {
        READY,
        PUSH,
        COMPILERS,
        CONFIGURE_DONE,
        PREPARE_DONE,
        NOTHING
    }

    private final RunContext run;
    private final Machine machine;
    private final MachineLink link;
    private final Optional<CompilerScan> scan;
    private final ActorRef<BoardPool.Command> pool;
    private final OpenBoards boards;
    private final CellAnswers answers;
    private final Talk talk;
    private final Parting parting;
    private final Runnable prepared;
    private final Supplier<Behavior<Conversation.Command>> useless;

    private Step step = Step.READY;
    private Set<Feature> features = Set.of();
    private int slots;
    private int worktrees;
    private Power power = Power.UNKNOWN;
    private HostCompilers compilers = HostCompilers.NONE;

    /**
     * A worker was started and has said nothing yet.
     *
     * @param link for the push
     * @param scan the compilers that were found on the machine of a worker which names none
     * @param prepared how it goes on when the worker takes boards
     * @param useless how it goes on with a worker that can build nothing of this run
     */
    Handshake(
            RunContext run,
            Machine machine,
            MachineLink link,
            Optional<CompilerScan> scan,
            ActorRef<BoardPool.Command> pool,
            OpenBoards boards,
            CellAnswers answers,
            Talk talk,
            Parting parting,
            Runnable prepared,
            Supplier<Behavior<Conversation.Command>> useless) {
        this.run = run;
        this.machine = machine;
        this.link = link;
        this.scan = scan;
        this.pool = pool;
        this.boards = boards;
        this.answers = answers;
        this.talk = talk;
        this.parting = parting;
        this.prepared = prepared;
        this.useless = useless;
        talk.limit(settings().boss().readyTimeout(), "`ready` after the worker's start");
    }

    /** The features that both sides know; empty for an existing worker. */
    Set<Feature> features() {
        return features;
    }

    /** Boards that the worker takes at once. */
    int slots() {
        return slots;
    }

    /** A response that belongs to the handshake; any other is passed over. */
    Behavior<Conversation.Command> on(Response response) {
        if (response instanceof Response.Ready ready && step == Step.READY) {
            return onReady(ready);
        } else if (response instanceof Response.ConfigureDone done && step == Step.CONFIGURE_DONE) {
            return onConfigured(done);
        } else if (response instanceof Response.Heartbeat && step == Step.PREPARE_DONE) {
            awaitPrepared();
        } else if (response instanceof Response.WorktreeCreated) {
            onWorktree();
        } else if (response instanceof Response.BuildStarted started && step == Step.PREPARE_DONE) {
            // One of ours says how many boards at once it has the disk space for; an existing one, how many threads.
            slots = features.isEmpty() ? slots : Math.max(1, Math.min(slots, started.numThreads()));
        } else if (response instanceof Response.BuildPrepareDone && step == Step.PREPARE_DONE) {
            step = Step.NOTHING;
            talk.noLimit();
            talk.state(MachineState.BUILDING, "");
            prepared.run();
        }
        return Behaviors.same();
    }

    /** What the worker says instead of an answer; before {@code ready}, that it can't start. */
    Behavior<Conversation.Command> refused(Response.Refusal refusal) {
        String message = Words.plain(refusal.msg());
        if (step == Step.CONFIGURE_DONE && !features.isEmpty()) {
            return parting.unavailable("the worker says: " + message); // it would say so again
        }
        if (step != Step.READY) {
            return parting.lost("the worker says: " + message);
        }
        return refusal.busy().isPresent() ? parting.busy(message) : parting.unavailable(message);
    }

    private Behavior<Conversation.Command> onReady(Response.Ready ready) {
        features = ready.features();
        if (features.contains(Feature.PING)) {
            talk.expectLife();
        }
        Optional<String> unsuited = WorkerCommands.unsuited(run, machine, features);
        if (unsuited.isPresent()) {
            return parting.unavailable(unsuited.get());
        }
        talk.notice(WorkerCommands.leftOut(run, machine, features));
        slots = WorkerCommands.slots(run, machine, ready.slots());
        run.hub().publish(new BuildEvent.MachineReady(machine.name(), ready.nthreads(), slots));
        power = WorkerCommands.power(run, machine, ready, slots);
        pool.tell(new BoardPool.Expect(machine.name(), power)); // before the push, which takes its time
        boards.selects(features.contains(Feature.COMMIT_SELECTION));
        answers.judged(features.contains(Feature.NOT_BUILT));
        talk.state(MachineState.PREPARING, "");
        if (machine.workerCommand().isEmpty()) {
            push();
        } else {
            configure(); // an existing worker had the push before its start
        }
        return Behaviors.same();
    }

    /** The link bounds the push. */
    private void push() {
        step = Step.PUSH;
        talk.noLimit();
        link.push(Opening.source(run))
                .whenComplete((report, failure) -> talk.conversation()
                        .tell(new Conversation.Pushed(
                                Optional.ofNullable(failure).map(Failures::reason))));
    }

    /** The source is there, or not. */
    Behavior<Conversation.Command> pushed(Optional<String> failure) {
        if (step != Step.PUSH) {
            return Behaviors.same();
        }
        if (failure.isPresent()) {
            return parting.lost(failure.get());
        }
        configure();
        return Behaviors.same();
    }

    /** What this computer's compilers are is known by now as a rule; they are asked for while machines are connected to. */
    private void configure() {
        if (machine.isLocal() || (!features.contains(Feature.COMPILER_IDENTITY) && scan.isEmpty())) {
            sendConfigure();
            return;
        }
        step = Step.COMPILERS;
        talk.limit(settings().boss().setupTimeout(), "what this computer's own compilers are");
        run.rules()
                .compilers()
                .whenComplete((found, failure) -> talk.conversation()
                        .tell(new Conversation.Compared(found == null ? HostCompilers.NONE : found)));
    }

    /** This computer's compilers are known. */
    void compared(HostCompilers found) {
        if (step == Step.COMPILERS) {
            compilers = found;
            sendConfigure();
        }
    }

    private void sendConfigure() {
        step = Step.CONFIGURE_DONE;
        talk.limit(settings().boss().setupTimeout(), "`configure_done`");
        talk.send(WorkerCommands.configure(run, machine, features, compilers, found()));
    }

    /** The compilers that a worker which names none is to take, by architecture: of several the one that this computer has too. */
    private Map<String, Compiler> found() {
        boolean named = features.contains(Feature.TOOLCHAINS);
        return named
                ? Map.of()
                : scan.map(there -> there.closestTo(compilers.byArch())).orElse(Map.of());
    }

    private Behavior<Conversation.Command> onConfigured(Response.ConfigureDone done) {
        Capability capability = WorkerCommands.capability(run, machine, features, compilers, found(), done);
        talk.notice(CompilerRule.words(capability, run.architectures()));
        boolean useful = run.request().boards().stream().anyMatch(board -> capability.canBuild(board.arch()));
        Duration patience = OpenBoards.patience(WorkerCommands.silence(run, features));
        pool.tell(new BoardPool.Join(machine.name(), talk.conversation(), capability, patience, power));
        if (!useful) {
            step = Step.NOTHING;
            talk.state(
                    MachineState.UNAVAILABLE,
                    capability.refused().isEmpty()
                            ? "no compiler for any of the boards"
                            : "no fit compiler for any of the boards");
            return useless.get();
        }
        step = Step.PREPARE_DONE;
        awaitPrepared();
        talk.send(WorkerCommands.prepare(run, machine, features, slots));
        return Behaviors.same();
    }

    private void onWorktree() {
        worktrees++;
        if (step == Step.PREPARE_DONE) {
            awaitPrepared();
        }
        run.hub().publish(new BuildEvent.SetupProgress(machine.name(), Math.min(worktrees, slots), slots));
    }

    /** Anew with every sign of progress: a big tree on a slow disk takes its time. */
    private void awaitPrepared() {
        talk.limit(settings().boss().setupTimeout(), "`build_prepare_done`");
    }

    private Settings settings() {
        return run.settings();
    }
}
