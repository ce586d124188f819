package dev.buildboss.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a {@link FaultyWorker} has of each board, and what the boss wants back of it. */
final class FaultyBoards {

    private final Map<String, TreeSet<Integer>> later = new HashMap<>();
    private final Map<String, Integer> building = new HashMap<>();
    /** Present cells whose answer is on its way, or may be: nothing is given back of them any more. */
    private final Map<String, Integer> answering = new HashMap<>();

    private final Map<String, Set<Integer>> wanted = new HashMap<>();

    void add(String board, List<Integer> commits) {
        later.put(board, new TreeSet<>(commits));
        building.remove(board);
        answering.remove(board);
        wanted.remove(board);
    }

    /** The next commit of a board; it is being built from now on. */
    Optional<Integer> begin(String board) {
        building.remove(board);
        answering.remove(board);
        Optional<Integer> next =
                Optional.ofNullable(later.getOrDefault(board, new TreeSet<>()).pollFirst());
        next.ifPresent(commit -> building.put(board, commit));
        return next;
    }

    /** A build has ended; false: it was cancelled before. */
    boolean answers(String board, int commit) {
        boolean goesOn = building.remove(board, commit);
        if (goesOn) {
            answering.put(board, commit);
        }
        return goesOn;
    }

    /** Ends a build; false: that commit is not being built. */
    boolean cancel(String board, int commit) {
        return building.remove(board, commit);
    }

    /** Of these, what has not begun. */
    List<Integer> takeBack(String board, List<Integer> commits) {
        List<Integer> back = new ArrayList<>(commits);
        back.retainAll(later.getOrDefault(board, new TreeSet<>()));
        later.getOrDefault(board, new TreeSet<>()).removeAll(back);
        return back;
    }

    void wantedBack(String board, List<Integer> commits) {
        wanted.computeIfAbsent(board, name -> new HashSet<>()).addAll(commits);
    }

    boolean isWantedBack(String board, int commit) {
        return wanted.getOrDefault(board, Set.of()).contains(commit);
    }

    /**
     * Whether that cell is being built, or will be in a moment, or its answer is on its way.
     *
     * @param owed all that has no answer of that board, ascending
     */
    boolean isAt(String board, int commit, Set<Integer> owed) {
        Integer one = commit;
        Optional<Integer> first =
                owed.stream().filter(other -> !isWantedBack(board, other)).findFirst();
        return one.equals(building.get(board)) || one.equals(answering.get(board)) || first.equals(Optional.of(one));
    }
}
