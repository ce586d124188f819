package dev.buildboss.worker;

import dev.buildboss.exec.EndSignal;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.protocol.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A board that the boss gave to this worker, and what became of each of its commits: a commit is begun, answered or given back,
 * and of the last two exactly one. Safe for threads: one builds, another is told what the boss wants back.
 */
final class GivenBoard {

    private enum State {
        BEGUN,
        CANCELLED,
        ANSWERED,
        GIVEN_BACK
    }

    private final BoardSpec spec;
    private final ResponseSink sink;
    private final Map<Integer, State> states = new HashMap<>();
    private EndSignal present = new EndSignal();

    GivenBoard(BoardSpec spec, ResponseSink sink) {
        this.spec = spec;
        this.sink = sink;
    }

    BoardSpec spec() {
        return spec;
    }

    private boolean isAsked(int commit) {
        return spec.commits().isEmpty() || spec.commits().contains(commit);
    }

    /** What a boss gets that takes these back: those that have not begun. */
    void takeBack(List<Integer> commits) {
        List<Integer> back = new ArrayList<>();
        synchronized (this) {
            for (int commit : commits) {
                if (isAsked(commit) && states.putIfAbsent(commit, State.GIVEN_BACK) == null) {
                    back.add(commit);
                }
            }
        }
        sink.send(new Response.GivenBack(spec.board(), back));
    }

    /** Ends a cell's build; one that has not begun is given back at once, one that is answered stays so. */
    void cancel(int commit) {
        EndSignal toEnd;
        synchronized (this) {
            if (states.get(commit) != State.BEGUN) {
                toEnd = null;
            } else {
                states.put(commit, State.CANCELLED);
                toEnd = present;
            }
        }
        if (toEnd != null) {
            toEnd.give();
        } else {
            takeBack(List.of(commit));
        }
    }

    /** A cell's build is about to begin; false: it is not to. */
    synchronized boolean begin(int commit) {
        present = new EndSignal();
        return states.putIfAbsent(commit, State.BEGUN) == null;
    }

    /** What ends the build of the present cell. */
    synchronized EndSignal ending() {
        return present;
    }

    /** Whether the build of that cell is to end, or did. */
    synchronized boolean isCancelled(int commit) {
        return states.get(commit) == State.CANCELLED;
    }

    /**
     * Whether the result of a cell may be sent now, after which it can't be cancelled any more; false: it is given back, and the
     * boss knows.
     */
    boolean answers(int commit) {
        synchronized (this) {
            State before = states.get(commit);
            if (before != State.CANCELLED) {
                states.put(commit, before == State.GIVEN_BACK ? before : State.ANSWERED);
                return before != State.GIVEN_BACK;
            }
            states.put(commit, State.GIVEN_BACK);
        }
        sink.send(new Response.GivenBack(spec.board(), List.of(commit)));
        return false;
    }
}
