package dev.buildboss;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.Confirmation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happens in a run, in order, for progress displays and other programs. The JSON form ({@code --json}) has the
 * record's components by name, an {@code event} with its simple name in lower case with {@code -}, and {@code v}, the
 * {@link #VERSION}.
 */
public sealed interface BuildEvent {

    /** The version of this set of events; additions keep it, changes raise it. */
    int VERSION = 1;

    /**
     * The run begins.
     *
     * @param boards how many boards
     * @param commits how many commits
     * @param current whether it is the source as it stands
     * @param total cells of the matrix
     * @param previous cells that have a result already and are not built
     * @param localSlots boards at once on this computer; 0: nothing is built here
     * @param localJobs jobs of each make here
     * @param machines the machines that will be asked
     */
    record RunStarted(
            int boards,
            int commits,
            boolean current,
            int total,
            int previous,
            int localSlots,
            int localJobs,
            List<String> machines)
            implements BuildEvent {}

    /** A machine's state changed. */
    record MachineChanged(String machine, MachineState state, String detail) implements BuildEvent {}

    /**
     * A machine's worker answered.
     *
     * @param threads CPU threads that its builds share
     * @param slots boards that it takes at once at most
     */
    record MachineReady(String machine, int threads, int slots) implements BuildEvent {}

    /** A machine made one more of its worktrees. */
    record SetupProgress(String machine, int done, int of) implements BuildEvent {}

    /**
     * A board went out to a machine, with so many cells to build. Where the machine had it before, this comes after the {@link
     * BoardEnded} or {@link BoardRequeued} of that time.
     */
    record BoardStarted(String board, String machine, int cells) implements BuildEvent {}

    /**
     * A machine is through with a board: it has built each cell of it that it was given, or given it back to be built elsewhere.
     * The events of its cells come before.
     */
    record BoardEnded(String board, String machine) implements BuildEvent {}

    /**
     * A cell has its outcome, and its files are stored.
     *
     * @param cell the cell
     * @param commit the commit's hash
     * @param machine where it was built; empty for cells that were not built
     * @param outcome how it ended
     * @param errorText the first 4 KiB of {@code err}; raw: escape it before a terminal sees it
     */
    record CellDone(Cell cell, String commit, Optional<String> machine, CellOutcome outcome, String errorText)
            implements BuildEvent {}

    /**
     * How long a machine says that it configured and built a cell. It comes after the {@link BoardStarted} of its board, and what
     * becomes of the cell is told after it; of a result that came too late to count nothing is told.
     *
     * @param cpu CPU time of both; zero: it did not say
     */
    record CellTimed(Cell cell, String machine, Duration configuring, Duration building, Duration cpu)
            implements BuildEvent {}

    /**
     * A machine built a cell, and is done with it, but the cell's outcome is in doubt ({@code --confirm-failures}): a failure that is
     * to be confirmed, a later one that waits for that, or another build of one. {@link CellDone} comes when it is known.
     */
    record CellBuilt(Cell cell, String commit, String machine, CellOutcome outcome) implements BuildEvent {}

    /** A cell failed, and is built again before that counts ({@code --confirm-failures}); {@link CellDone} comes after that. */
    record FailureDoubted(Cell cell, String commit, String machine, int returnCode) implements BuildEvent {}

    /** What building a failed cell again told; {@link CellDone} comes next. */
    record FailureConfirmed(Cell cell, String commit, Confirmation confirmation) implements BuildEvent {}

    /** Cells went back to the pool because their machine was lost. */
    record BoardRequeued(String board, String machine, String reason) implements BuildEvent {}

    /** Something a person should read: a drift, a machine out of use, a line on a worker's stderr. */
    record Notice(String machine, String text) implements BuildEvent {}

    /**
     * A board was built on each machine and the images were compared, before the run ({@code --verify-machines}).
     *
     * @param arch the board's architecture
     * @param board the board
     * @param alike machines that built the same images
     * @param odd the others, each with what differs
     * @param setAside whether the others get no boards of that architecture; not, if nothing tells which images are right
     */
    record MachinesVerified(String arch, String board, List<String> alike, Map<String, String> odd, boolean setAside)
            implements BuildEvent {
        /** Copies the collections. */
        public MachinesVerified {
            alike = List.copyOf(alike);
            odd = Map.copyOf(odd);
        }
    }

    /**
     * When the run will end, by what builds are known to cost; sent now and then by displays that reckon it, not by the run itself.
     *
     * @param left the time that is left
     * @param soonest four of five runs end between this from now …
     * @param latest … and this
     */
    record Eta(Duration left, Duration soonest, Duration latest) implements BuildEvent {}

    /** So many events were dropped for this subscriber, who was too slow. */
    record Missed(long events) implements BuildEvent {}

    /** The last event of a run. */
    record RunEnded(BuildReport report, Duration duration) implements BuildEvent {}

    /** Where a machine is on its way. */
    enum MachineState {
        /** Being looked at. */
        PROBING,
        /** In use by another boss; it is asked again, and joins later. */
        BUSY,
        /** Being connected to, and given the worker. */
        CONNECTING,
        /** Being given the source and worktrees. */
        PREPARING,
        /** Taking boards. */
        BUILDING,
        /** Done, and ended in order. */
        FINISHED,
        /** Not fit: busy, low on disk or memory, no compiler. */
        UNAVAILABLE,
        /** Lost. */
        LOST
    }
}
