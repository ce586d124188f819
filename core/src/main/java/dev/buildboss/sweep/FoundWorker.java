package dev.buildboss.sweep;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A worker process that was found on a machine.
 *
 * @param process its id there
 * @param started when it started, in the kernel's ticks since boot: with the id it names the process for good
 * @param parent the process that it hangs on now
 * @param startedBy the one that it hung on when it took its work directory; empty: not known
 * @param state the kernel's letter for what it does (proc(5)); T and t: it is stopped
 * @param directory its work directory
 * @param own whether that is the machine's work directory of the settings; on this computer any is
 * @param boss whom it works for, as {@link dev.buildboss.model.Owner#text} says it; empty: not known
 * @param renewedSeconds how long ago it renewed its lock; empty: it has none
 */
public record FoundWorker(
        long process,
        long started,
        long parent,
        OptionalLong startedBy,
        String state,
        String directory,
        boolean own,
        Optional<String> boss,
        OptionalLong renewedSeconds) {
    /** Checks the parts. */
    public FoundWorker {
        requireNonNull(startedBy, "startedBy");
        requireNonNull(state, "state");
        requireNonNull(directory, "directory");
        requireNonNull(boss, "boss");
        requireNonNull(renewedSeconds, "renewedSeconds");
    }
}
