package dev.buildboss.sweep;

import static java.util.Objects.requireNonNull;

import dev.buildboss.MachineException;
import dev.buildboss.files.Carried;
import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.WorkerBundle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Looks for the workers of this user on one machine, and ends those that it is told to. It touches nothing but processes that are
 * workers of Buildboss by their arguments and their lock, or that a boss of ours started and recorded.
 */
public final class WorkerSweep {

    private static final String SCRIPT = Carried.text(WorkerSweep.class, "workers.sh");
    private static final Duration KILL_TIME = Duration.ofSeconds(5);

    private final Machine machine;
    private final MachineLink link;
    private final Duration limit;
    private final Duration grace;

    /**
     * A sweep.
     *
     * @param link to that machine
     * @param limit the longest look
     * @param grace between SIGTERM and SIGKILL, in whole seconds, at least one
     */
    public WorkerSweep(Machine machine, MachineLink link, Duration limit, Duration grace) {
        this.machine = requireNonNull(machine, "machine");
        this.link = requireNonNull(link, "link");
        this.limit = requireNonNull(limit, "limit");
        this.grace = grace.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : grace;
    }

    /**
     * What a look found.
     *
     * @param host tells this host from all others, whatever names it has
     * @param workers the workers, by process id
     * @param lock the work directory's lock as existing bosses know it
     */
    public record Found(String host, List<FoundWorker> workers, Lock lock) {
        /** Copies the list. */
        public Found {
            requireNonNull(host, "host");
            workers = List.copyOf(workers);
            requireNonNull(lock, "lock");
        }
    }

    /** The state of a work directory's {@code .lock}. */
    public enum Lock {
        /** There is none. */
        FREE,
        /** A boss of ours has it. */
        HELD,
        /** A boss of ours had it, and is gone. */
        STALE,
        /** An existing boss's; whether that still lives is not known. */
        FOREIGN
    }

    /**
     * What an end came to.
     *
     * @param left process ids that are still there
     * @param unlocked whether a lock was removed
     */
    public record Ended(Set<Long> left, boolean unlocked) {
        /** Copies the set. */
        public Ended {
            left = Set.copyOf(left);
        }
    }

    /** Looks; changes nothing. */
    public CompletionStage<Found> look() {
        List<String> arguments = List.of("list", WorkerBundle.MAIN_CLASS, workDir());
        return link.run(new ShellTask("looking for workers", SCRIPT, arguments, limit))
                .thenApply(out -> SweepAnswer.found(whole(out)));
    }

    /**
     * Ends workers, and removes the work directory's lock if nobody holds it.
     *
     * @param force an existing boss's lock goes too
     */
    public CompletionStage<Ended> end(List<FoundWorker> workers, boolean force) {
        List<String> arguments =
                new ArrayList<>(List.of("end", workDir(), String.valueOf(grace.toSeconds()), force ? "yes" : "no"));
        workers.forEach(worker -> arguments.add(worker.process() + ":" + worker.started()));
        return link.run(new ShellTask(
                        "ending workers", SCRIPT, arguments, limit.plus(grace).plus(KILL_TIME)))
                .thenApply(out -> SweepAnswer.ended(whole(out)));
    }

    /** This computer's workers have the output directories for theirs, whose locks go with the processes. */
    private String workDir() {
        return machine.isLocal() ? "" : machine.workDir();
    }

    private List<String> whole(String out) {
        List<String> lines = out.lines()
                .filter(line -> line.startsWith(SweepAnswer.MARKER))
                .map(line -> line.substring(SweepAnswer.MARKER.length()))
                .collect(Collectors.toList());
        if (lines.isEmpty() || !lines.get(lines.size() - 1).equals("end")) {
            throw new MachineException(machine.name(), "the look for workers was cut short", null);
        }
        return lines;
    }
}
