package dev.buildboss.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One machine for the time of a run: what the boss does there besides speaking to the worker.
 *
 * <p>Methods may be called from any thread and never block; the work runs on threads of the transport's own. A stage
 * fails with a {@link dev.buildboss.MachineException} that names the machine and the reason in the machine's own words.
 * Every stage ends within the limits of {@code buildboss.ssh} or {@code buildboss.probe}.
 */
public interface MachineLink extends AutoCloseable {

    /** Looks at the machine: needs nothing there but a POSIX shell and leaves nothing there. */
    CompletionStage<MachineFacts> probe();

    /**
     * Makes the work directory's repository ready, puts the worker there unless this very version is there already, and
     * starts it.
     *
     * <p>A worker of our own takes the work directory's lock as it starts; one that finds it taken answers with an
     * {@code error} response instead of {@code ready} and ends.
     */
    CompletionStage<WorkerChannel> start(WorkerLaunch launch);

    /**
     * Makes commits available in the work directory's repository, with all that they need.
     *
     * <p>Called after {@code ready}, while the worker holds the work directory. Nothing is checked out by it.
     */
    CompletionStage<PushReport> push(SourcePush push);

    /**
     * Puts the work directory back to rest: removes what this link made there for one run (locks of its own, refs), after
     * the worker has ended. Fails never; a machine out of reach is left as it is.
     */
    CompletionStage<Void> tidy();

    /**
     * Runs a small script there and gives what it wrote to standard output, cut at a limit; its status is for the script itself
     * to tell. Fails where there is no shell.
     */
    default CompletionStage<String> run(ShellTask task) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException(task.what() + ": this way of reaching machines runs no scripts"));
    }

    /** The same for a script that reads what is sent along: a file, for instance. Within the task's limit, sending and all. */
    default CompletionStage<String> run(ShellTask task, ShellInput input) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException(task.what() + ": this way of reaching machines sends no files"));
    }

    /** Ends the link and every process that it started here or there; idempotent; returns within 5 seconds. */
    @Override
    void close();
}
