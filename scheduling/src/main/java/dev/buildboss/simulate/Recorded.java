package dev.buildboss.simulate;

import dev.buildboss.history.Build;
import dev.buildboss.history.ChangedFiles;
import dev.buildboss.history.CostModel;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A matrix that was really built, and the machines that built it, as a history remembers them (pure). Cells that were not built cost
 * what a {@link CostModel} expects of them.
 *
 * @param costs what its cells cost
 * @param fleet its machines; one whose threads nobody knows has four
 */
public record Recorded(LearntEstimates costs, SimFleet fleet) {

    private static final int USUAL_THREADS = 4;

    /**
     * The boards and the latest commits of a history.
     *
     * @param builds at least one
     * @param boards how many boards at most, the latest ones
     * @param commits how many commits at most
     */
    public static Recorded of(List<Build> builds, Map<String, ChangedFiles> changes, int boards, int commits) {
        Map<String, Build> latestOfBoards = new LinkedHashMap<>();
        Map<String, Build> latestOfCommits = new LinkedHashMap<>();
        Map<String, Build> machines = new TreeMap<>();
        List<Build> inOrder = new ArrayList<>(builds);
        inOrder.sort(java.util.Comparator.comparingLong(Build::at));
        for (Build build : inOrder) {
            again(latestOfBoards, build.board(), build);
            again(latestOfCommits, build.commit(), build);
            machines.put(build.machine(), build);
        }
        CostModel model = CostModel.learn(builds, changes);
        List<Board> chosen = last(List.copyOf(latestOfBoards.values()), boards).stream()
                .map(build -> Board.of(build.board(), build.arch()))
                .toList();
        List<Commit> series = last(List.copyOf(latestOfCommits.values()), commits).stream()
                .map(build -> new Commit(build.commit(), ""))
                .toList();
        List<SimMachine> fleet = machines.keySet().stream()
                .map(name -> SimMachine.of(
                        name, model.threads(name) > 0 ? model.threads(name) : USUAL_THREADS, model.speed(name)))
                .toList();
        return new Recorded(
                model.estimates(chosen, series, changes, Map.of()), new SimFleet("recorded machines", fleet));
    }

    private static void again(Map<String, Build> latest, String key, Build build) {
        latest.remove(key);
        latest.put(key, build);
    }

    private static <T> List<T> last(List<T> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    /** The matrix; what the scheduler knows of it is off as that shape says, by a seeded noise. */
    public Workload workload(Workload.Shape known, long seed) {
        return Workload.of(costs.boards(), costs.commits().size(), costs, cell -> false, known, seed);
    }
}
