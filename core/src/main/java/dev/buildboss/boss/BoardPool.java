package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.Demand;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.Power;
import dev.buildboss.plan.WorkPlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Owns the {@link WorkPlan}: every grant leaves from here and every outcome comes back here, and nobody else says when one is over.
 *
 * <p>A request that can't be served yet is kept (one for each stream that pulls, so at most one a worker) and answered when a
 * board comes back or when there can be none any more.
 */
public final class BoardPool extends AbstractBehavior<BoardPool.Command> {

    /** What the pool can be told. */
    public sealed interface Command {}

    /**
     * A worker is ready, and can build this; {@code proxy} speaks for it until it leaves. Its grants are over after that silence.
     */
    public record Join(
            String worker, ActorRef<Conversation.Command> proxy, Capability capability, Duration patience, Power power)
            implements Command {}

    /** A worker is on its way, and it turned out what it can do. */
    public record Expect(String worker, Power power) implements Command {}

    /** A worker is gone; its boards go back. */
    public record Leave(String worker, boolean comesBack, String reason) implements Command {}

    /**
     * A worker has a free slot. What a proxy asks that has left is answered with nothing: the worker may be back under another
     * proxy, whose boards these are not. The reply is a board, or empty when there is none for it any more; it is completed on the pool's
     * thread. (A future rather than an {@code ask}: an ask's time-out would be taken for "nothing to do".)
     */
    public record RequestWork(
            String worker, ActorRef<Conversation.Command> proxy, CompletableFuture<Optional<Grant>> reply)
            implements Command {}

    /**
     * A cell of a grant has its outcome; a built one is stored already. {@code doubtful}: see {@link WorkPlan#settle}. How long it
     * took comes along, so that it is told between its board's start and what becomes of it.
     */
    public record Settle(
            String worker,
            long grant,
            int commit,
            CellOutcome outcome,
            String errorText,
            boolean doubtful,
            Optional<BuildEvent.CellTimed> timed)
            implements Command {
        /** One that counts as it is, and of which nobody says how long it took. */
        public Settle(String worker, long grant, int commit, CellOutcome outcome, String errorText) {
            this(worker, grant, commit, outcome, errorText, false, Optional.empty());
        }
    }

    /**
     * A worker was listened to for so long, and gave signs of life about these grants, or closed them: one message for many lines,
     * since one for each would cost more than the lines.
     */
    public record Listened(
            String worker, ActorRef<Conversation.Command> proxy, Duration time, Set<Long> heardOf, Set<Long> closed)
            implements Command {
        /** Copies the sets. */
        public Listened {
            heardOf = Set.copyOf(heardOf);
            closed = Set.copyOf(closed);
        }
    }

    /** A board was sent to a worker, with so many cells to build. */
    public record Started(String worker, String board, int cells) implements Command {}

    /** A worker is through with a board: of each cell of it that was given there, its outcome was told before or is not to come. */
    public record Through(String worker, String board) implements Command {}

    /** The run stops: every open cell ends as not built, for that reason. */
    public record GiveUp(CellOutcome.Reason reason, String detail) implements Command {}

    private record PauseOver(String worker) implements Command {}

    /** Time went by, and whoever waits may be better off now. */
    private enum AskAgain implements Command {
        INSTANCE
    }

    /** What asking on behalf of those that wait may take of the pool's time: a tenth. */
    private static final int SHARE = 10;

    /** Of what a machine failed of, for a person. */
    private static final int MAX_DETAIL = 400;

    private final TimerScheduler<Command> timers;
    private final WorkPlan plan;
    private final ActorRef<Boss.Command> boss;
    private final Map<String, CompletableFuture<Optional<Grant>>> waiting = new LinkedHashMap<>();
    private final Map<String, ActorRef<Conversation.Command>> present = new HashMap<>();
    private final PoolTime time;
    private final Set<String> toldFailures = new HashSet<>();
    private boolean finished;

    private BoardPool(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            WorkPlan plan,
            ActorRef<Boss.Command> boss,
            PoolTime time) {
        super(context);
        this.timers = timers;
        this.plan = plan;
        this.boss = boss;
        this.time = time;
    }

    /**
     * A pool over that plan, in which all workers that may come are announced already.
     *
     * @param nanoTime a clock like {@link System#nanoTime}, which nobody sets
     */
    public static Behavior<Command> create(WorkPlan plan, ActorRef<Boss.Command> boss, LongSupplier nanoTime) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new BoardPool(context, timers, plan, boss, new PoolTime(nanoTime))));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Expect.class, this::onExpect)
                .onMessage(Join.class, this::onJoin)
                .onMessage(Leave.class, this::onLeave)
                .onMessage(RequestWork.class, this::onRequestWork)
                .onMessage(Settle.class, this::onSettle)
                .onMessage(Listened.class, this::onListened)
                .onMessage(Started.class, this::onStarted)
                .onMessage(Through.class, this::onThrough)
                .onMessage(PauseOver.class, this::onPauseOver)
                .onMessageEquals(AskAgain.INSTANCE, this::onAskAgain)
                .onMessage(GiveUp.class, this::onGiveUp)
                .build();
    }

    private Behavior<Command> onExpect(Expect expect) {
        plan.learn(expect.worker(), expect.power());
        return this;
    }

    private Behavior<Command> onJoin(Join join) {
        time.begin();
        present.put(join.worker(), join.proxy());
        plan.join(join.worker(), join.capability(), join.patience(), join.power());
        return afterChange(Optional.empty(), "");
    }

    private Behavior<Command> onLeave(Leave leave) {
        present.remove(leave.worker());
        CompletableFuture<Optional<Grant>> request = waiting.remove(leave.worker());
        if (request != null) {
            request.complete(Optional.empty());
        }
        List<WorkPlan.Requeued> back = plan.leave(leave.worker(), leave.comesBack(), leave.reason());
        back.forEach(requeued -> tell(new BuildEvent.BoardRequeued(requeued.board(), leave.worker(), leave.reason())));
        return afterChange(Optional.empty(), "");
    }

    /**
     * Whoever lets a deadline go by is to end its worker; its boards go back as it leaves, and not before: no board is at two
     * workers as long as the first can be reached.
     */
    private Behavior<Command> onListened(Listened listened) {
        if (listened.proxy().equals(present.get(listened.worker()))) {
            plan.listened(listened.worker(), listened.time(), listened.heardOf(), listened.closed()).stream()
                    .findFirst()
                    .ifPresent(late -> listened.proxy().tell(new Conversation.Overdue(late.board())));
            if (!listened.closed().isEmpty()) {
                serveWaiting();
            }
        }
        return this;
    }

    private Behavior<Command> onAskAgain() {
        serveWaiting();
        return this;
    }

    private Behavior<Command> onPauseOver(PauseOver over) {
        plan.resume(over.worker());
        return afterChange(Optional.empty(), "");
    }

    private Behavior<Command> onRequestWork(RequestWork request) {
        if (request.proxy().equals(present.get(request.worker()))) {
            serve(request.worker(), request.reply());
            recall();
            askAgainLater(Duration.ZERO);
        } else {
            request.reply().complete(Optional.empty());
        }
        return this;
    }

    private Behavior<Command> onSettle(Settle settle) {
        plan.at(time.nowMs());
        WorkPlan.Answer answer = plan.settle(settle.grant(), settle.commit(), settle.outcome(), settle.doubtful());
        if (answer != WorkPlan.Answer.ACCEPTED) {
            boss.tell(new Boss.Note(
                    settle.worker(),
                    "a late result of grant " + settle.grant() + ", commit index " + settle.commit() + ", is dropped"));
            return this;
        }
        settle.timed().ifPresent(this::tell);
        if (settle.outcome() instanceof CellOutcome.NotBuilt failed) {
            tellOfFailure(settle.worker(), failed);
        }
        return afterChange(Optional.of(settle.worker()), settle.errorText());
    }

    /** A machine's own failure, once for each kind: its boards are built elsewhere, and nothing else would say why. */
    private void tellOfFailure(String worker, CellOutcome.NotBuilt failed) {
        boolean isFull = failed.reason() == CellOutcome.Reason.DISK_FULL;
        boolean isOfTheMachine = isFull || failed.reason() == CellOutcome.Reason.INFRASTRUCTURE;
        if (isOfTheMachine && toldFailures.add(worker + " " + failed.reason())) {
            String first = failed.detail().lines().findFirst().orElse("no reason is known");
            String text = first.length() <= MAX_DETAIL ? first : first.substring(0, MAX_DETAIL) + "…";
            String what = isFull ? "its disk is full: " : "could not build what it was given: ";
            tell(new BuildEvent.Notice(worker, what + text));
        }
    }

    /** By the way that its end goes, so that it comes after that of the same board there before. */
    private Behavior<Command> onStarted(Started started) {
        tell(new BuildEvent.BoardStarted(started.board(), started.worker(), started.cells()));
        return this;
    }

    /** By this way, so that it comes after what was settled. */
    private Behavior<Command> onThrough(Through through) {
        tell(new BuildEvent.BoardEnded(through.board(), through.worker()));
        return this;
    }

    private void tell(BuildEvent event) {
        boss.tell(new Boss.Told(event));
    }

    private Behavior<Command> onGiveUp(GiveUp giveUp) {
        plan.giveUp(new CellOutcome.NotBuilt(giveUp.reason(), giveUp.detail()));
        return afterChange(Optional.empty(), "");
    }

    /** A machine that fails board after board is left alone for a while, or for good. */
    private void onStopped(WorkPlan.Stopped stopped) {
        String failed = "failed " + stopped.failures() + " boards in a row, last: " + stopped.last();
        if (stopped.pause().isPresent()) {
            Duration pause = stopped.pause().get();
            boss.tell(new Boss.Note(
                    stopped.worker(), failed + "; it gets no board for " + pause.toMillis() / 1000.0 + " s"));
            timers.startSingleTimer("pause " + stopped.worker(), new PauseOver(stopped.worker()), pause);
        } else {
            tell(new BuildEvent.Notice(stopped.worker(), failed + "; it gets no more boards in this run"));
        }
    }

    /** Reports what the change settled, and serves whoever waits. */
    private Behavior<Command> afterChange(Optional<String> worker, String errorText) {
        Boss.Answered answered =
                new Boss.Answered(plan.takeUnsettled(), plan.takeDoubted(), plan.takeNews(), worker, errorText);
        if (!answered.isEmpty()) {
            boss.tell(answered);
        }
        plan.takeStopped().forEach(this::onStopped);
        serveWaiting();
        if (plan.openCells() == 0 && !finished) {
            finished = true;
            boss.tell(new Boss.AllSettled());
        }
        return this;
    }

    private void serveWaiting() {
        long began = time.nowMs();
        for (Map.Entry<String, CompletableFuture<Optional<Grant>>> entry : List.copyOf(waiting.entrySet())) {
            waiting.remove(entry.getKey());
            serve(entry.getKey(), entry.getValue());
        }
        recall();
        askAgainLater(Duration.ofMillis(time.nowMs() - began));
    }

    /** Whoever has what others get now, or have built, is told. */
    private void recall() {
        for (WorkPlan.Recall recall : plan.takeRecalls()) {
            ActorRef<Conversation.Command> proxy = present.get(recall.worker());
            if (proxy != null) {
                proxy.tell(new Conversation.Recall(recall));
            }
        }
    }

    /**
     * Who waits may get a part of what others have as soon as that ends the run sooner.
     *
     * @param took how long it took to find out that it does not yet
     */
    private void askAgainLater(Duration took) {
        if (!waiting.isEmpty() && !timers.isTimerActive(AskAgain.INSTANCE)) {
            plan.askAgain().ifPresent(delay -> {
                Duration rest = took.multipliedBy(SHARE);
                timers.startSingleTimer(AskAgain.INSTANCE, AskAgain.INSTANCE, delay.compareTo(rest) > 0 ? delay : rest);
            });
        }
    }

    private void serve(String worker, CompletableFuture<Optional<Grant>> reply) {
        plan.at(time.nowMs());
        Demand demand = plan.demand(worker);
        if (demand instanceof Demand.Granted granted) {
            if (!reply.complete(Optional.of(granted.grant()))) {
                throw new IllegalStateException("a request of " + worker + " was answered twice");
            }
        } else if (demand instanceof Demand.Wait) {
            waiting.put(worker, reply);
        } else {
            reply.complete(Optional.empty());
        }
    }
}
