package dev.buildboss.testing;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A {@link FaultyWorker}'s process and the connection to it: its streams, its death, its stops, and the packets that are lost.
 * It is the boss's end too, so it knows when the boss has given it up.
 */
abstract class FaultyChannel implements WorkerChannel {

    private static final ProtocolFlows FLOWS =
            new ProtocolFlows(Settings.defaults().protocol());

    protected final FaultyFleet fleet;
    protected final String name;
    protected final FaultScript script;
    protected final RandomGenerator random;

    private final List<ByteString> backlog = new ArrayList<>();
    private Optional<BoundedSourceQueue<ByteString>> output = Optional.empty();
    private Optional<BoundedSourceQueue<ByteString>> errors = Optional.empty();
    private final CompletableFuture<Integer> exited = new CompletableFuture<>();
    private boolean gone;
    private boolean frozen;
    private boolean cutOff;
    private int silences;
    private boolean killed;
    private boolean outputEnded;
    private final List<Runnable> stash = new ArrayList<>();

    FaultyChannel(FaultyFleet fleet, String name, FaultScript script, RandomGenerator random) {
        this.fleet = fleet;
        this.name = name;
        this.script = script;
        this.random = random;
    }

    /** A command that the boss sent, whether or not it comes through. */
    abstract void onSent(Command command);

    /** A command that came through. */
    abstract void onCommand(Command command);

    /** The boss ends the connection. */
    abstract void onKilled();

    /** What a killed worker says that goes on for a while. */
    abstract void sayLate();

    @Override
    public String toString() {
        return name;
    }

    /** Whether its process has ended and its streams with it. */
    boolean isGone() {
        return gone && exited.isDone() && outputEnded;
    }

    /** Whether the boss has ended the connection, or the worker itself has. */
    boolean isGivenUp() {
        return killed || gone;
    }

    // ---- its ends ----

    @Override
    public Sink<ByteString, NotUsed> input() {
        return FLOWS.commands()
                .map(decoded -> {
                    if (decoded instanceof DecodedCommand.Accepted accepted) {
                        onSent(accepted.command());
                        perform(() -> onCommand(accepted.command()));
                    } else {
                        fleet.violation(name, "a command that is none: " + decoded);
                    }
                    return decoded;
                })
                .to(Sink.onComplete(end -> perform(() -> after(2, () -> exit(0)))));
    }

    @Override
    public Source<ByteString, NotUsed> output() {
        return Source.<ByteString>queue(100_000).mapMaterializedValue(queue -> {
            output = Optional.of(queue);
            backlog.forEach(queue::offer);
            backlog.clear();
            if (outputEnded) {
                queue.complete();
            }
            return NotUsed.getInstance();
        });
    }

    @Override
    public Source<ByteString, NotUsed> errors() {
        return Source.<ByteString>queue(100).mapMaterializedValue(queue -> {
            errors = Optional.of(queue);
            queue.offer(ByteString.fromString("warning: \u001b[31mred\n"));
            if (outputEnded) {
                queue.complete();
            }
            return NotUsed.getInstance();
        });
    }

    @Override
    public CompletionStage<Integer> exited() {
        return exited;
    }

    @Override
    public Traffic traffic() {
        return new Traffic(1, 2);
    }

    @Override
    public void kill() {
        if (killed) {
            return;
        }
        killed = true;
        onKilled();
        boolean goesOn = script.ending().contains(Fault.OUTLIVES_ITS_KILL) && !gone;
        if (goesOn) {
            fleet.happens(name, Fault.OUTLIVES_ITS_KILL);
            frozen = false;
            cutOff = false;
            sayLate();
        }
        fleet.time().after(goesOn ? Duration.ofSeconds(4) : Duration.ofMillis(random.nextInt(100)), () -> {
            gone = true;
            endOutput();
            exited.complete(random.nextBoolean() ? 137 : -1);
        });
    }

    final void endOutput() {
        outputEnded = true;
        output.filter(queue -> !queue.isCompleted()).ifPresent(BoundedSourceQueue::complete);
        errors.filter(queue -> !queue.isCompleted()).ifPresent(BoundedSourceQueue::complete);
    }

    final void exit(int status) {
        gone = true;
        endOutput();
        exited.complete(status);
    }

    // ---- its time ----

    /** Does something now, when it goes on again, or never. */
    final void perform(Runnable action) {
        if (frozen && !gone) {
            stash.add(action);
        } else if (!gone && !cutOff) {
            action.run();
        }
    }

    void after(int mostSeconds, Runnable action) {
        fleet.time().after(FaultScript.between(0, mostSeconds, random), () -> perform(action));
    }

    final void thaw() {
        frozen = false;
        silences++;
        List<Runnable> missed = List.copyOf(stash);
        stash.clear();
        missed.forEach(this::perform);
    }

    final void freeze() {
        frozen = true;
        fallSilent();
    }

    final void cutOff() {
        cutOff = true;
        fallSilent();
    }

    /** Whether the boss can know that this worker should be saying something. */
    abstract boolean isExpectedToSpeak();

    /** From now on nothing is heard, and the boss is to find out in time. */
    private void fallSilent() {
        int silence = ++silences;
        if (isExpectedToSpeak()) {
            fleet.time().after(fleet.patience().plusSeconds(1), () -> {
                if (silence == silences && !isGivenUp()) {
                    fleet.violation(name, "silent for more than " + fleet.patience() + ", and not given up");
                }
            });
        }
    }

    /** The process ends, and its output does not. */
    final void exitOnly() {
        gone = true;
        exited.complete(1);
    }

    /** The connection breaks; nobody knows about the process. */
    final void breakOutput() {
        outputEnded = true;
        output.filter(queue -> !queue.isCompleted())
                .ifPresent(queue -> queue.fail(new IOException("Connection reset by peer")));
    }

    // ---- its words ----

    void emit(ByteString bytes) {
        if (gone || cutOff || outputEnded) {
            return;
        }
        ByteString rest = bytes;
        while (random.nextInt(8) == 0 && rest.size() > 1) {
            int cut = 1 + random.nextInt(rest.size() - 1);
            offer(rest.take(cut));
            rest = rest.drop(cut);
        }
        offer(rest);
    }

    private void offer(ByteString bytes) {
        if (output.isPresent()) {
            output.get().offer(bytes);
        } else {
            backlog.add(bytes);
        }
    }
}
