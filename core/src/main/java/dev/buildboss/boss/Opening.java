package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.MachineException;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Fitness;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.toolchain.CompilerScan;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** How a machine is reached: a look at it, then a worker started there. The link bounds each step. */
final class Opening {

    private Opening() {}

    /**
     * A worker that was started.
     *
     * @param compilers what compilers were found on its machine; empty: the worker names them itself, or they could not be told
     */
    record Opened(WorkerChannel channel, Optional<CompilerScan> compilers) {}

    /**
     * Starts a worker on a machine that is fit. This computer is not looked at: who builds here has decided that it is fit. An
     * existing worker does not hold its work directory before it has the source, so the push comes first there.
     *
     * @param looked gets what is known of a machine that is fit, before its worker starts
     * @return fails with the reason if the machine is not fit or can't be reached
     */
    static CompletionStage<Opened> open(
            RunContext run, Machine machine, MachineLink link, Consumer<MachineFacts> looked) {
        if (machine.isLocal()) {
            return start(run, machine, link);
        }
        state(run, machine, MachineState.PROBING);
        return link.probe().thenCompose(facts -> {
            Optional<String> unfit = unfit(run, facts);
            if (unfit.isEmpty()) {
                looked.accept(facts);
            }
            return unfit.isPresent()
                    ? CompletableFuture.failedFuture(new MachineException(machine.name(), unfit.get(), null))
                    : run.rules().admit(machine).thenCompose(admitted -> start(run, machine, link));
        });
    }

    private static Optional<String> unfit(RunContext run, MachineFacts facts) {
        return Fitness.unfit(facts, run.settings().probe());
    }

    private static CompletionStage<Opened> start(RunContext run, Machine machine, MachineLink link) {
        state(run, machine, MachineState.CONNECTING);
        if (machine.workerCommand().isEmpty()) {
            return worker(run, machine, link).thenApply(channel -> new Opened(channel, Optional.empty()));
        }
        return compilers(run, machine, link)
                .thenCompose(found -> worker(run, machine, link).thenApply(channel -> new Opened(channel, found)));
    }

    /** An existing worker does not name its compilers: they are looked for over the link. It never fails. */
    private static CompletionStage<Optional<CompilerScan>> compilers(
            RunContext run, Machine machine, MachineLink link) {
        Settings.Toolchains settings = run.settings().toolchains();
        ShellTask task = new ShellTask(
                "looking for compilers",
                CompilerScan.script(),
                CompilerScan.arguments(settings),
                run.settings().probe().timeout());
        return link.run(task).handle((output, failure) -> {
            Optional<CompilerScan> found =
                    Optional.ofNullable(output).flatMap(text -> CompilerScan.parse(text, settings));
            if (found.isEmpty()) {
                String reason = failure == null ? "the list was cut short" : Failures.reason(failure);
                Talk.notice(run, machine.name(), "its compilers can't be told and are not compared: " + reason);
            }
            return found;
        });
    }

    private static CompletionStage<WorkerChannel> worker(RunContext run, Machine machine, MachineLink link) {
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
