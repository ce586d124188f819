package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.forecast.Forecast;
import dev.buildboss.history.CostModel;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Cell;
import dev.buildboss.settings.Settings;
import dev.buildboss.simulate.Segment;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import dev.buildboss.simulate.SimResult;
import dev.buildboss.simulate.Simulation;
import dev.buildboss.simulate.Workload;
import dev.buildboss.simulate.Workload.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a run would be: which board goes where, when each machine is through, and what one more machine would bring. The placement of
 * real runs plays it in virtual time, on what builds are expected to cost (pure).
 */
final class RunPlan {

    /**
     * What falls to a machine.
     *
     * @param boards its boards, with how many of their cells
     * @param endS when it is through, in seconds
     */
    record Share(SimMachine machine, Map<String, Integer> boards, double endS) {
        int cells() {
            return boards.values().stream().mapToInt(count -> count).sum();
        }
    }

    /** What are no costs but known figures: no noise. */
    private static final Shape EXACT = new Shape(1, 0, 0, 0, 1, 0, 1);

    private final LearntEstimates estimates;
    private final SimFleet fleet;
    private final Settings.Schedule schedule;
    private final Workload workload;
    private final SimResult result;
    private final double spreadDown;
    private final double spreadUp;

    /**
     * Plays it.
     *
     * @param settled cells that are not to be built, or can't be
     * @param schedule the placement
     */
    RunPlan(LearntEstimates estimates, Set<Cell> settled, SimFleet fleet, Settings.Schedule schedule) {
        this.schedule = schedule;
        this.estimates = estimates;
        this.fleet = fleet;
        this.workload =
                Workload.of(estimates.boards(), estimates.commits().size(), estimates, settled::contains, EXACT, 0);
        this.result = Simulation.planned(fleet, workload, schedule);
        Forecast forecast = new Forecast(estimates, settled);
        for (SimMachine machine : fleet.machines()) {
            forecast.event(new BuildEvent.MachineReady(machine.name(), machine.cores(), machine.slots()), 0);
        }
        BuildEvent.Eta eta =
                forecast.beforehand().orElseThrow(() -> new IllegalStateException("a fleet without a machine"));
        double left = Math.max(1, eta.left().toMillis());
        spreadDown = eta.soonest().toMillis() / left;
        spreadUp = eta.latest().toMillis() / left;
    }

    /** When all is through, in seconds from when the machines are ready. */
    double endS() {
        return result.makespanS();
    }

    double soonestS() {
        return endS() * spreadDown;
    }

    double latestS() {
        return endS() * spreadUp;
    }

    /** What falls to each machine. */
    List<Share> shares() {
        Map<Integer, Map<String, Integer>> boards = new TreeMap<>();
        Map<Integer, Double> ends = new TreeMap<>();
        for (Segment segment : result.timeline()) {
            if (segment.won()) {
                boards.computeIfAbsent(segment.machine(), number -> new LinkedHashMap<>())
                        .merge(workload.boards().get(segment.board()).target(), 1, Integer::sum);
                ends.merge(segment.machine(), segment.toS(), Math::max);
            }
        }
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < fleet.machines().size(); i++) {
            shares.add(new Share(fleet.machines().get(i), boards.getOrDefault(i, Map.of()), ends.getOrDefault(i, 0.0)));
        }
        return shares;
    }

    /** The usual one of the machines: the middle one by what it does in a second. */
    SimMachine usual() {
        List<SimMachine> sorted = fleet.machines().stream()
                .sorted(Comparator.comparingDouble(machine -> machine.cores() * machine.speed()))
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    /** When all would be through with one more machine like that, in seconds. */
    double endWithOneMoreS() {
        return Simulation.planned(fleet.with("one more", usual()), workload, schedule)
                .makespanS();
    }

    /** What the figures rest on, in words. */
    String basis() {
        CostModel model = estimates.model();
        if (model.builds() == 0) {
            return "no build is remembered: these are usual figures of U-Boot, and only a first guess";
        }
        long known = workload.boards().stream()
                .filter(board -> model.basis(board) == CostModel.Basis.BOARD)
                .count();
        return "by " + model.builds() + " builds that are remembered; " + known + " of " + workload.boardCount()
                + " boards were built before";
    }
}
