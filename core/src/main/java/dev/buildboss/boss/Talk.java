package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.protocol.Command;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** A {@link Conversation}'s side of it: commands to the worker, limits on its answers, and what the run's events say of it. */
final class Talk {

    private static final String PHASE_TIMER = "phase";

    private final RunContext run;
    private final String machine;
    private final WorkerWire wire;
    private final TimerScheduler<Conversation.Command> timers;
    private final ActorRef<Conversation.Command> conversation;

    Talk(
            RunContext run,
            String machine,
            WorkerWire wire,
            TimerScheduler<Conversation.Command> timers,
            ActorRef<Conversation.Command> conversation) {
        this.run = run;
        this.machine = machine;
        this.wire = wire;
        this.timers = timers;
        this.conversation = conversation;
    }

    ActorRef<Conversation.Command> conversation() {
        return conversation;
    }

    /** Sends a command; a worker that has not read thousands before it is lost. */
    void send(Command command) {
        if (!wire.send(command)) {
            conversation.tell(new Conversation.TimedOut("its input is full"));
        }
    }

    /** The worker is asked for signs of life from now on. */
    void expectLife() {
        wire.expectLife();
    }

    /** The next step may take this long; in place of the limit before. */
    void limit(Duration limit, String what) {
        timers.startSingleTimer(PHASE_TIMER, new Conversation.TimedOut(what), limit);
    }

    /** The step under way is bounded by itself. */
    void noLimit() {
        timers.cancel(PHASE_TIMER);
    }

    /** No timer of the conversation fires any more. */
    void noTimers() {
        timers.cancelAll();
    }

    /** Says something about the machine; nothing if empty. */
    void notice(String text) {
        notice(run, machine, text);
    }

    static void notice(RunContext run, String machine, String text) {
        if (!text.isEmpty()) {
            run.hub().publish(new BuildEvent.Notice(machine, text));
        }
    }

    void state(MachineState state, String detail) {
        run.hub().publish(new BuildEvent.MachineChanged(machine, state, detail));
    }
}
