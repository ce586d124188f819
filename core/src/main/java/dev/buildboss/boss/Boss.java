package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildbossException;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Doubts;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Placement;
import dev.buildboss.plan.PlanLimits;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/**
 * Runs one matrix: starts the pool and a proxy for each machine, starts a lost machine's proxy again after a while, collects the
 * outcomes, and ends with the report once every cell has one and every proxy is gone.
 */
public final class Boss extends AbstractBehavior<Boss.Command> {

    /** What the boss can be told. */
    public sealed interface Command {}

    /**
     * What became known of cells, in the order in which it is told: what was built of a cell and does not settle it, failures that
     * are built again before they count, and outcomes. If a worker's answer made it known, {@code worker} and {@code errorText} are its.
     */
    public record Answered(
            List<WorkPlan.Unsettled> unsettled,
            List<WorkPlan.Doubted> doubted,
            List<WorkPlan.Settled> settled,
            Optional<String> worker,
            String errorText)
            implements Command {
        /** Copies the lists. */
        public Answered {
            unsettled = List.copyOf(unsettled);
            doubted = List.copyOf(doubted);
            settled = List.copyOf(settled);
        }

        boolean isEmpty() {
            return unsettled.isEmpty() && doubted.isEmpty() && settled.isEmpty();
        }
    }

    /** What whoever follows the run is to hear, after all that was told before; the log has boards that go back and notices too. */
    public record Told(BuildEvent event) implements Command {}

    /** Something a person may want to know: a line for the log alone. */
    public record Note(String worker, String text) implements Command {}

    /** Every cell has its outcome. */
    public record AllSettled() implements Command {}

    /** A result could not be written on this computer. */
    public record StorageFailed(String reason) implements Command {}

    /**
     * A proxy's last words; {@code built}: whether the machine built anything meanwhile. They may come before what the pool tells of
     * that.
     */
    public record MachineEnded(
            String machine, End how, String reason, long sentBytes, long receivedBytes, boolean built)
            implements Command {
        /** Of a machine that built nothing. */
        public MachineEnded(String machine, End how, String reason, long sentBytes, long receivedBytes) {
            this(machine, how, reason, sentBytes, receivedBytes, false);
        }
    }

    /** The user stops the run; {@code now}: without waiting for any answer. */
    public record StopRun(boolean now) implements Command {}

    private record ProxyGone(String machine, ActorRef<WorkerProxy.Command> proxy) implements Command {}

    private record PoolGone() implements Command {}

    private record StartAgain(String machine) implements Command {}

    private record StatusLine() implements Command {}

    /** How a machine's part ended. */
    public enum End {
        /** In order. */
        FINISHED,
        /** The user stopped the run. */
        STOPPED,
        /** Not fit or not reachable from the start. */
        UNAVAILABLE,
        /** In use by another boss. */
        BUSY,
        /** Lost on the way. */
        LOST,
        /** It broke the protocol. */
        EXPELLED
    }

    private static final Duration STATUS_INTERVAL = Duration.ofMinutes(1);

    private final RunContext run;
    private final TimerScheduler<Command> timers;
    private final CompletableFuture<BuildReport> report;
    private final ActorRef<BoardPool.Command> pool;
    private final BossLog log;
    private final Instant started;
    private final Outcomes outcomes;
    private final int previous;
    private final Map<String, ActorRef<WorkerProxy.Command>> proxies = new HashMap<>();
    private final Roster roster;
    private final List<String> internalErrors = new ArrayList<>();
    private boolean settled;
    private boolean stopping;
    private boolean interrupted;

    private Boss(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RunContext run,
            List<Machine> machines,
            Map<Cell, Built> previous,
            CompletableFuture<BuildReport> report) {
        super(context);
        this.run = run;
        this.timers = timers;
        this.report = report;
        this.previous = previous.size();
        this.started = run.clock().instant();
        this.log = BossLog.open(run.store().outputDir(), run.clock());
        this.outcomes = new Outcomes(run, log, previous);
        this.roster = new Roster(machines, run.settings().boss());
        WorkPlan plan = plan(run, machines, previous);
        this.pool = context.spawn(BoardPool.create(plan, context.getSelf(), run.nanoTime()), "board-pool");
        context.watchWith(pool, new PoolGone());
        machines.forEach(this::startProxy);
        timers.startTimerWithFixedDelay("status", new StatusLine(), STATUS_INTERVAL);
        log.line("run of " + run.request().boards().size() + " boards and "
                + run.request().commits().size() + " commits begins");
    }

    /**
     * A boss for one run.
     *
     * @param machines where to build; at least one
     * @param previous cells that are not built again
     * @param report completed at the end
     */
    public static Behavior<Command> create(
            RunContext run, List<Machine> machines, Map<Cell, Built> previous, CompletableFuture<BuildReport> report) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            try {
                return new Boss(context, timers, run, machines, previous, report);
            } catch (RuntimeException e) {
                report.completeExceptionally(e); // nobody else would
                throw e;
            }
        }));
    }

    private static WorkPlan plan(RunContext run, List<Machine> machines, Map<Cell, Built> previous) {
        WorkPlan plan = new WorkPlan(
                run.request().boards(),
                run.request().commits().size(),
                previous::containsKey,
                PlanLimits.of(run.settings().boss()),
                Placement.of(run.settings().schedule()),
                run.estimates());
        machines.forEach(machine -> plan.expect(machine.name()));
        if (run.settings().boss().confirmFailures() != Doubts.OFF) {
            plan.confirmFailures();
        }
        previous.forEach((cell, built) -> {
            if (built.kind() == Kind.FAILED) {
                plan.failedBefore(cell);
            }
        });
        return plan;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Answered.class, this::onAnswered)
                .onMessage(Told.class, this::onTold)
                .onMessage(Note.class, this::onNote)
                .onMessage(AllSettled.class, message -> onAllSettled())
                .onMessage(StorageFailed.class, this::onStorageFailed)
                .onMessage(MachineEnded.class, this::onMachineEnded)
                .onMessage(ProxyGone.class, this::onProxyGone)
                .onMessage(PoolGone.class, message -> onPoolGone())
                .onMessage(StartAgain.class, this::onStartAgain)
                .onMessage(StopRun.class, this::onStopRun)
                .onMessage(StatusLine.class, message -> onStatusLine())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private void startProxy(Machine machine) {
        String name = machine.name();
        Optional<WorkerTransport> transport =
                run.transports().stream().filter(t -> t.serves(machine)).findFirst();
        if (transport.isEmpty()) {
            getContext()
                    .getSelf()
                    .tell(new MachineEnded(name, End.UNAVAILABLE, "no transport reaches " + machine.host(), 0, 0));
            return;
        }
        MachineLink link;
        try {
            link = transport.get().link(machine);
        } catch (RuntimeException e) {
            getContext().getSelf().tell(new MachineEnded(name, End.UNAVAILABLE, Failures.reason(e), 0, 0));
            return;
        }
        int attempt = roster.connect(name);
        ActorRef<WorkerProxy.Command> proxy = getContext()
                .spawn(
                        WorkerProxy.create(
                                run, machine, link, attempt > 1, getContext().getSelf(), pool),
                        "worker-" + name + "-" + attempt);
        getContext().watchWith(proxy, new ProxyGone(name, proxy));
        proxies.put(name, proxy);
    }

    private Behavior<Command> onAnswered(Answered answered) {
        outcomes.answered(answered).forEach(roster::built);
        return this;
    }

    private Behavior<Command> onTold(Told told) {
        if (told.event() instanceof BuildEvent.BoardRequeued back) {
            log.line("board " + back.board() + " goes back, lost with " + back.machine() + ": " + back.reason());
        } else if (told.event() instanceof BuildEvent.Notice notice) {
            log.line(notice.machine() + ": " + notice.text());
        }
        run.hub().publish(told.event());
        return this;
    }

    private Behavior<Command> onNote(Note note) {
        log.line(note.worker() + ": " + note.text());
        return this;
    }

    /** A disk that is full here is full for every machine's results: no more boards, and what runs is stopped. */
    private Behavior<Command> onStorageFailed(StorageFailed failed) {
        if (!stopping) {
            stopping = true;
            String text = "results can't be stored in " + run.store().outputDir() + ": " + failed.reason();
            log.line(text);
            run.hub().publish(new BuildEvent.Notice("", text));
            pool.tell(new BoardPool.GiveUp(Reason.DISK_FULL, failed.reason()));
            timers.cancelAll();
            proxies.values().forEach(proxy -> proxy.tell(new WorkerProxy.Stop(false)));
        }
        return this;
    }

    private Behavior<Command> onAllSettled() {
        settled = true;
        timers.cancelAll();
        proxies.values().forEach(proxy -> proxy.tell(new WorkerProxy.Finish()));
        return endIfDone();
    }

    private Behavior<Command> onMachineEnded(MachineEnded ended) {
        String name = ended.machine();
        Roster.Ending ending = roster.end(ended, !settled && !stopping);
        if (ending.isNews()) {
            log.line(name + ": " + ended.how() + ": " + ended.reason());
        }
        run.hub().publish(new BuildEvent.MachineChanged(name, ending.state(), ended.reason()));
        pool.tell(new BoardPool.Leave(name, ending.again().isPresent(), ended.reason()));
        ending.again().ifPresent(delay -> timers.startSingleTimer("again " + name, new StartAgain(name), delay));
        return this;
    }

    /** One that takes its time to end after its last words may be gone only when the machine has its next already. */
    private Behavior<Command> onProxyGone(ProxyGone gone) {
        boolean isLast = proxies.remove(gone.machine(), gone.proxy());
        if (isLast && !roster.hasEnded(gone.machine())) { // it failed without its last words
            internalErrors.add("the proxy of " + gone.machine() + " failed; see the log");
            onMachineEnded(new MachineEnded(gone.machine(), End.LOST, "an internal error", 0, 0));
        }
        return endIfDone();
    }

    private Behavior<Command> onStartAgain(StartAgain again) {
        if (!settled && !stopping) {
            startProxy(roster.machine(again.machine()));
        }
        return this;
    }

    private Behavior<Command> onPoolGone() {
        internalErrors.add("the board pool failed; see the log");
        settled = true;
        stopping = true;
        timers.cancelAll();
        proxies.values().forEach(proxy -> proxy.tell(new WorkerProxy.Stop(false)));
        return endIfDone();
    }

    private Behavior<Command> onStopRun(StopRun stop) {
        interrupted = true;
        stopping = true;
        timers.cancelAll();
        log.line(stop.now() ? "stopped at once by the user" : "stopped by the user");
        pool.tell(new BoardPool.GiveUp(Reason.CANCELLED, "stopped by the user"));
        proxies.values().forEach(proxy -> proxy.tell(new WorkerProxy.Stop(stop.now())));
        return endIfDone();
    }

    private Behavior<Command> onStatusLine() {
        log.line(outcomes.all().size() + " of " + run.request().cells() + " cells have an outcome");
        roster.words(proxies::containsKey).forEach(log::line);
        return this;
    }

    private Behavior<Command> endIfDone() {
        if (!settled || !proxies.isEmpty()) {
            return this;
        }
        outcomes.fill(new NotBuilt(Reason.INFRASTRUCTURE, "an internal error"));
        Duration duration = Duration.between(started, run.clock().instant());
        log.line("run ends after " + duration.toSeconds() + " s");
        log.close();
        report.complete(
                new BuildReport(outcomes.all(), previous, duration, interrupted, roster.reports(), internalErrors));
        return Behaviors.stopped();
    }

    /** The last resort: whoever waits for the report hears of it whatever ended this actor. */
    private Behavior<Command> onPostStop() {
        log.close();
        report.completeExceptionally(new BuildbossException("the run was ended from outside or by an internal error"));
        return this;
    }
}
