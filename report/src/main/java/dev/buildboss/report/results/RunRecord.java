package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run that built into a results directory.
 *
 * @param id its name, from 1 upwards
 * @param started when it began
 * @param pid the process that built
 * @param boards how many boards it was about
 * @param commits how many commits; 0: the source as it stands
 * @param end how it ended; empty if it runs, or was killed
 */
public record RunRecord(int id, Instant started, long pid, int boards, int commits, Optional<End> end) {
    /** Checks the parts. */
    public RunRecord {
        requireNonNull(started, "started");
        requireNonNull(end, "end");
    }

    /**
     * How a run ended.
     *
     * @param ended when
     * @param status its exit status
     * @param previous cells that had a result before
     * @param ok cells that are well
     * @param warnings cells that warned
     * @param failed cells that failed
     * @param notBuilt cells that were not built
     * @param reasons why, by cell ({@link #cell}); of very many the first
     */
    public record End(
            Instant ended,
            int status,
            int previous,
            int ok,
            int warnings,
            int failed,
            int notBuilt,
            Map<String, String> reasons) {
        /** Copies the map. */
        public End {
            requireNonNull(ended, "ended");
            reasons = Map.copyOf(reasons);
        }
    }

    /** How a cell is named in {@link End#reasons}. */
    public static String cell(String board, String commitHash) {
        return commitHash + " " + board;
    }

    /** Why each cell of a matrix that has no result was left out by this run, by reason and then boards by name. */
    public Map<String, List<String>> leftOut(Matrix matrix, int commit) {
        Map<String, List<String>> result = new TreeMap<>();
        end.filter(how -> !how.reasons().isEmpty())
                .ifPresent(how -> matrix.boards().forEach(board -> {
                    String reason = how.reasons()
                            .get(cell(
                                    board.target(), matrix.commits().get(commit).hash()));
                    boolean isMissing = !matrix.cell(commit, board.target()).isBuilt();
                    if (reason != null && isMissing) {
                        result.computeIfAbsent(reason, r -> new java.util.ArrayList<>())
                                .add(board.target());
                    }
                }));
        return result;
    }
}
