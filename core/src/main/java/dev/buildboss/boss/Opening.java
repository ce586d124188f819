package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.MachineException;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Fitness;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How a machine is reached: a look at it, then a worker started there. The link bounds each step. */
final class Opening {

    private Opening() {}

    /**
     * Starts a worker on a machine that is fit. This computer is not looked at: who builds here has decided that it is fit. An
     * existing worker does not hold its work directory before it has the source, so the push comes first there.
     *
     * @return fails with the reason if the machine is not fit or can't be reached
     */
    static CompletionStage<WorkerChannel> open(RunContext run, Machine machine, MachineLink link) {
        if (machine.isLocal()) {
            return start(run, machine, link);
        }
        state(run, machine, MachineState.PROBING);
        return link.probe().thenCompose(facts -> {
            Optional<String> unfit = unfit(run, facts);
            return unfit.isPresent()
                    ? CompletableFuture.failedFuture(new MachineException(machine.name(), unfit.get(), null))
                    : start(run, machine, link);
        });
    }

    private static Optional<String> unfit(RunContext run, MachineFacts facts) {
        return Fitness.unfit(facts, run.settings().probe());
    }

    private static CompletionStage<WorkerChannel> start(RunContext run, Machine machine, MachineLink link) {
        state(run, machine, MachineState.CONNECTING);
        boolean existing = !machine.workerCommand().isEmpty();
        WorkerLaunch launch = WorkerCommands.launch(run, machine);
        CompletionStage<WorkerChannel> started = DiskBudget.keep(run, machine, link)
                .thenCompose(kept -> existing
                        ? link.push(source(run)).thenCompose(pushed -> link.start(launch))
                        : link.start(launch));
        return started.thenApply(channel -> {
            channel.notes().forEach(note -> Talk.notice(run, machine.name(), note));
            return channel;
        });
    }

    /** The commits of the run. */
    static SourcePush source(RunContext run) {
        return new SourcePush(
                run.request().gitDir(),
                run.request().commits().stream().map(Commit::hash).toList());
    }

    private static void state(RunContext run, Machine machine, MachineState state) {
        run.hub().publish(new BuildEvent.MachineChanged(machine.name(), state, ""));
    }
}
