package dev.buildboss.simulate;

import dev.buildboss.simulate.PlacementRuns.Run;
import dev.buildboss.simulate.Workload.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Many generated matrices on several fleets, played by our policy and by the existing one: what placement is worth. The same sweep gives
 * the same runs, whatever the computer does meanwhile.
 *
 * @param title what it is of
 * @param fleets the fleets
 * @param boards numbers of boards, each of them with each number of commits
 * @param firstSeed the first seed of each matrix on each fleet
 * @param seeds how many seeds
 * @param offBy by which factor estimates are off, up or down, beside the usual noise
 * @param judging the figures of its runs, with what is wanted of them
 */
public record PlacementSweep(
        String title,
        List<SimFleet> fleets,
        List<Integer> boards,
        int firstSeed,
        int seeds,
        double offBy,
        Function<PlacementRuns, List<PlacementFigure>> judging) {

    /** Numbers of commits. */
    public static final List<Integer> COMMITS = List.of(1, 6, 20, 60);

    /** Matrices of more boards than this keep all machines busy by any policy. */
    private static final int SMALL = 300;

    private static final List<Integer> SIZES = List.of(12, 48, SMALL, 1300);

    /** So that four numbers of boards and commits on three fleets are 1,008 runs. */
    private static final int SEEDS = 21;

    /** So that three numbers of boards on seven fleets are 840 runs. */
    private static final int FEW_SLOTS_SEEDS = 10;

    /** Machines are ready one after the other, within so many seconds. */
    private static final double READY_WITHIN_S = 0.3;

    private static final List<SimFleet> FLEETS = List.of(SimFleet.even(), SimFleet.uneven(), SimFleet.huge());

    /** Cores and slots of machines some or all of which take fewer boards at once than they have cores. */
    private static final List<SimFleet> FEW_SLOTS = List.of(
            fewSlots("64/1 8/8"),
            fewSlots("64/1 8/8 8/8 8/8"),
            fewSlots("64/4 16/2 8/8"),
            fewSlots("32/1 2/2 2/2 2/2"),
            fewSlots("8/1 4/1 2/1 2/1"),
            fewSlots("16/1 16/1 16/1 16/1"),
            fewSlots("16/2 16/16 4/1 4/4"));

    private record Case(SimFleet fleet, int boards, int commits, long seed) {}

    /** Copies the lists. */
    public PlacementSweep {
        fleets = List.copyOf(fleets);
        boards = List.copyOf(boards);
        if (fleets.isEmpty() || boards.isEmpty() || seeds < 1) {
            throw new IllegalArgumentException("a sweep without runs");
        }
    }

    /** Small to large matrices on an even, an uneven and a huge fleet: 1,008 runs. */
    public static PlacementSweep ofAllSizes() {
        return new PlacementSweep("all sizes", FLEETS, SIZES, 0, SEEDS, 1, runs -> {
            PlacementRuns small = runs.upTo(SMALL);
            return List.of(
                    PlacementFigure.held(
                            "over the plain bound, mean", runs.overBound().mean(), 1.10),
                    PlacementFigure.told(
                            "over the plain bound, 95 %", runs.overBound().percentile(0.95)),
                    PlacementFigure.told(
                            "over the tight bound, mean", runs.overTightBound().mean()),
                    PlacementFigure.held(
                            "over the tight bound, 95 %", runs.overTightBound().percentile(0.95), 1.25),
                    PlacementFigure.held(
                            "over the existing policy up to " + SMALL + " boards, mean",
                            small.overExisting().mean(),
                            0.75),
                    PlacementFigure.held(
                            "over the existing policy, worst",
                            runs.overExisting().worst(),
                            1.02));
        });
    }

    /** The same matrices, with what is known of each board off by a factor of 2, up or down. */
    public static PlacementSweep withEstimatesOffByTwo() {
        return new PlacementSweep("estimates off by a factor of 2", FLEETS, SIZES, 0, SEEDS, 2, runs -> {
            PlacementRuns small = runs.upTo(SMALL);
            return List.of(
                    PlacementFigure.held(
                            "over the plain bound, mean", runs.overBound().mean(), 1.20),
                    PlacementFigure.held(
                            "over the plain bound up to " + SMALL + " boards, mean",
                            small.overBound().mean(),
                            1.20),
                    PlacementFigure.held(
                            "over the tight bound up to " + SMALL + " boards, mean",
                            small.overTightBound().mean(),
                            1.20),
                    PlacementFigure.told(
                            "over the existing policy, worst",
                            runs.overExisting().worst()));
        });
    }

    /** Small and middling matrices on seven fleets with machines that take fewer boards at once than they have cores: 840 runs. */
    public static PlacementSweep onFewSlots() {
        return new PlacementSweep(
                "machines of few slots",
                FEW_SLOTS,
                List.of(12, 48, SMALL),
                0,
                FEW_SLOTS_SEEDS,
                1,
                runs -> List.of(
                        PlacementFigure.held(
                                "over the existing policy, mean",
                                runs.overExisting().mean(),
                                0.80),
                        PlacementFigure.held(
                                "over the existing policy, 99.5 %",
                                runs.overExisting().percentile(0.995), 1.02),
                        PlacementFigure.told(
                                "over the existing policy, worst",
                                runs.overExisting().worst())));
    }

    private static SimFleet fewSlots(String words) {
        List<SimMachine> machines = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            String[] parts = word.split("/", 2);
            int cores = Integer.parseInt(parts[0]);
            machines.add(new SimMachine("m" + machines.size(), cores, 1, Integer.parseInt(parts[1]), 0));
        }
        return new SimFleet(words, machines);
    }

    /**
     * The same, but for matrices of more boards than that.
     *
     * @throws IllegalArgumentException if none is left
     */
    public PlacementSweep upTo(int most) {
        List<Integer> left = boards.stream().filter(count -> count <= most).toList();
        return new PlacementSweep(title, fleets, left, firstSeed, seeds, offBy, judging);
    }

    /** The same with so many seeds from that one on. */
    public PlacementSweep withSeeds(int first, int count) {
        return new PlacementSweep(title, fleets, boards, first, count, offBy, judging);
    }

    /** How many runs it has. */
    public int size() {
        return fleets.size() * boards.size() * COMMITS.size() * seeds;
    }

    /**
     * Plays all runs, on all cores of this computer.
     *
     * @param afterEach called after each run, by several threads at once
     */
    public PlacementRuns play(Runnable afterEach) {
        return new PlacementRuns(cases().parallelStream()
                .map(one -> {
                    Run run = play(one);
                    afterEach.run();
                    return run;
                })
                .toList());
    }

    /** The figures of its runs. */
    public List<PlacementFigure> figures(PlacementRuns runs) {
        return List.copyOf(judging.apply(runs));
    }

    @Override
    public String toString() {
        return title;
    }

    /** Seeds come first, so that the parts of the list that threads take are alike. */
    private List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int index = firstSeed; index < firstSeed + seeds; index++) {
            for (SimFleet fleet : fleets) {
                for (int count : boards) {
                    for (int commits : COMMITS) {
                        cases.add(new Case(fleet, count, commits, index * 7919L + count * 31L + commits));
                    }
                }
            }
        }
        return cases;
    }

    private Run play(Case one) {
        Workload workload = Workload.generate(one.boards(), one.commits(), Shape.USUAL.offBy(offBy), one.seed());
        SimFleet fleet = one.fleet().readyWithin(READY_WITHIN_S, one.seed());
        return new Run(
                one.boards(),
                Simulation.run(fleet, workload, Policy.OURS, List.of()).makespanS(),
                Simulation.run(fleet, workload, Policy.EXISTING, List.of()).makespanS(),
                workload.bound(fleet),
                workload.tightBound(fleet));
    }
}
