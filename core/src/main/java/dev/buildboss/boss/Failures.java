package dev.buildboss.boss;

import dev.buildboss.MachineException;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.results.CellWriter;
import dev.buildboss.results.ResultStore;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What a failure is called in messages (pure): one line, its outermost wrappings taken off, harmless on a terminal. */
final class Failures {

    private Failures() {}

    /** The failure without what futures wrap it in. */
    static Throwable root(Throwable failure) {
        Throwable root = failure;
        while ((root instanceof CompletionException || root instanceof ExecutionException) && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The reason in words; a machine's without its name, which the reader is told anyway. */
    static String reason(Throwable failure) {
        Throwable root = root(failure);
        if (root instanceof MachineException machineException) {
            return Words.plain(machineException.reason());
        }
        if (root instanceof FileSystemException fs && fs.getReason() != null) {
            return Words.plain(fs.getReason() + ": " + fs.getFile());
        }
        String message = root.getMessage();
        return Words.plain(message == null ? root.getClass().getSimpleName() : message);
    }

    /** Whether a machine is only somebody else's for the moment. */
    static boolean isBusy(@Nullable Throwable failure) {
        return failure != null && root(failure) instanceof MachineException machine && machine.isBusy();
    }

    /** The outcome of a cell whose result could not be stored. */
    static NotBuilt notStored(Throwable failure) {
        Throwable root = root(failure);
        if (root instanceof CellWriter.TooLargeException) {
            return new NotBuilt(Reason.RESULT_REFUSED, "output too large: " + reason(root));
        }
        Reason reason = ResultStore.isDiskFull(root) ? Reason.DISK_FULL : Reason.INFRASTRUCTURE;
        return new NotBuilt(reason, "the result could not be stored: " + reason(root));
    }
}
