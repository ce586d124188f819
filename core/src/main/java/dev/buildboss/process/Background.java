package dev.buildboss.process;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Blocking work for a machine of this computer's, apart from the caller's thread.
 *
 * @param threads does it
 */
record Background(Machine machine, Executor threads) {

    /** Work that may fail on files or processes. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws IOException;
    }

    /** Its result; or a {@link MachineException} that names the machine. */
    <T> CompletionStage<T> run(Task<T> task) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return task.run();
                    } catch (IOException e) {
                        throw new MachineException(machine.name(), String.valueOf(e.getMessage()), e);
                    }
                },
                threads);
    }
}
