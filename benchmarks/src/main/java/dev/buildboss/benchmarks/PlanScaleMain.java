package dev.buildboss.benchmarks;

import dev.buildboss.plan.WorkPlan;
import dev.buildboss.simulate.Policy;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import dev.buildboss.simulate.SimResult;
import dev.buildboss.simulate.Simulation;
import dev.buildboss.simulate.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What large plans cost: {@code memory BOARDS…} or {@code run MACHINES BOARDS}; {@code benchmarks/planning} starts it. */
public final class PlanScaleMain {

    private PlanScaleMain() {}

    /** Arguments: what is measured, and its sizes. */
    public static void main(String[] args) {
        if (args[0].equals("memory")) {
            for (int i = 1; i < args.length; i++) {
                memory(Integer.parseInt(args[i]));
            }
        } else {
            run(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        }
    }

    private static void memory(int boards) {
        long before = used();
        WorkPlan plan = PlanState.plan(boards, new Random(1));
        long after = used();
        System.out.printf(
                Locale.ROOT,
                "%d boards: %.1f MB, %d bytes a board (%d cells open)%n",
                boards,
                (after - before) / 1e6,
                (after - before) / boards,
                plan.openCells());
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void run(int machines, int boards) {
        Random random = new Random(1);
        List<SimMachine> list = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            list.add(SimMachine.of("m" + i, 2 << random.nextInt(5), 0.5 + random.nextDouble()));
        }
        SimFleet fleet = new SimFleet("large", list);
        Workload workload = Workload.generate(boards, 1, Workload.Shape.USUAL, 1);
        long began = System.nanoTime();
        SimResult result = Simulation.run(fleet, workload, Policy.OURS, List.of());
        System.out.printf(
                Locale.ROOT,
                "%d machines x %d boards: planned in %.1f s, %d decisions of %.3f ms on average, %.1f ms at most;"
                        + " makespan / bound %.3f; %d MB of heap used%n",
                machines,
                boards,
                (System.nanoTime() - began) / 1e9,
                result.decisions(),
                result.meanNs() / 1e6,
                result.slowestNs() / 1e6,
                result.makespanS() / workload.bound(fleet),
                used() / 1_000_000);
    }
}
