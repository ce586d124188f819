package dev.buildboss.boss;

import dev.buildboss.protocol.Command;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * How a {@link Conversation} ends: in order after {@code quit}, or because the worker is lost, not there, or not to be trusted.
 * Whichever comes first counts. Used by one conversation, on its thread; what it returns is that actor's next behaviour.
 */
final class Parting {

    /** Between the end of a worker's output and its exit status, or the other way round. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(2);

    private final Talk talk;
    private final WorkerWire wire;
    private final OpenBoards boards;
    private final CellAnswers answers;
    private final MachineLog log;
    private final Consumer<WorkerProxy.ConversationOver> lastWords;

    private boolean quitting;
    private boolean over;
    private boolean released;
    private Optional<String> outputEnded = Optional.empty();
    private Optional<Integer> exited = Optional.empty();

    /**
     * Nothing has ended.
     *
     * @param lastWords is told how it ended, once, when no file is open and no line travels any more
     */
    Parting(
            Talk talk,
            WorkerWire wire,
            OpenBoards boards,
            CellAnswers answers,
            MachineLog log,
            Consumer<WorkerProxy.ConversationOver> lastWords) {
        this.talk = talk;
        this.wire = wire;
        this.boards = boards;
        this.answers = answers;
        this.log = log;
        this.lastWords = lastWords;
    }

    /** Tells the worker to end, and waits for that. */
    void quit(Duration patience) {
        quitting = true;
        boards.abandon();
        talk.noTimers();
        talk.limit(patience, "the end after `quit`");
        wire.send(new Command.Quit());
        wire.closeInput();
    }

    /** The worker can't build, and says so first of all. */
    Behavior<Conversation.Command> unavailable(String reason) {
        return end(Boss.End.UNAVAILABLE, reason, false);
    }

    /** Somebody else has the work directory, as the worker says first of all. */
    Behavior<Conversation.Command> busy(String holder) {
        return end(Boss.End.BUSY, holder, false);
    }

    /** The worker is gone, or as good as gone. */
    Behavior<Conversation.Command> lost(String reason) {
        return lost(reason, false);
    }

    /** The worker owes an answer. */
    Behavior<Conversation.Command> timedOut(String what) {
        return lost("no answer: " + what, true);
    }

    /** The worker can't be trusted any more: its boards go elsewhere, and it is not asked again in this run. */
    Behavior<Conversation.Command> broke(String rule) {
        String reason = "it broke the protocol: " + rule;
        log.trouble(reason);
        return end(Boss.End.EXPELLED, reason, true);
    }

    /** The worker's output is at its end. That and the worker's own end come in either order; together they say more. */
    Behavior<Conversation.Command> outputEnded(String reason) {
        outputEnded = Optional.of(reason);
        return quitting ? Behaviors.same() : afterEnd();
    }

    /** The worker has ended. */
    Behavior<Conversation.Command> exited(int status) {
        exited = Optional.of(status);
        return quitting ? end(Boss.End.FINISHED, "finished", false) : afterEnd();
    }

    private Behavior<Conversation.Command> afterEnd() {
        if (outputEnded.isPresent() && exited.isPresent()) {
            return lost(exited.get() < 0 ? outputEnded.get() : "the worker ended with status " + exited.get());
        }
        talk.limit(END_PATIENCE, outputEnded.orElse("the worker is gone, but not its connection"));
        return Behaviors.same();
    }

    private Behavior<Conversation.Command> lost(String reason, boolean byForce) {
        if (quitting) {
            return end(Boss.End.FINISHED, "ended by force: " + reason, true);
        }
        log.trouble(reason);
        return end(Boss.End.LOST, reason, byForce);
    }

    private Behavior<Conversation.Command> end(Boss.End how, String reason, boolean byForce) {
        if (!over) {
            over = true;
            talk.noTimers();
            release();
            lastWords.accept(new WorkerProxy.ConversationOver(how, reason, byForce, boards.hasBuilt()));
        }
        return Behaviors.stopped();
    }

    /** Ends the connection with all that hangs on it. */
    void release() {
        if (!released) {
            released = true;
            boards.abandon();
            wire.kill();
            answers.discard();
        }
    }
}
