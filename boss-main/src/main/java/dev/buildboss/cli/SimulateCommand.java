package dev.buildboss.cli;

import dev.buildboss.history.Build;
import dev.buildboss.history.History;
import dev.buildboss.simulate.Fault;
import dev.buildboss.simulate.Faults;
import dev.buildboss.simulate.Policy;
import dev.buildboss.simulate.Recorded;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import dev.buildboss.simulate.SimResult;
import dev.buildboss.simulate.Simulation;
import dev.buildboss.simulate.Timeline;
import dev.buildboss.simulate.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code boss simulate}: policies side by side, in virtual time. */
@Command(
        name = "simulate",
        sortOptions = false,
        header = "Compare ways to schedule a matrix on a fleet, in virtual time.",
        description = {
            "",
            "The matrix is generated from a seed: lognormal boards, 12 %% of each build serial, commits at 5 to 60 %% of a first",
            "build. With --history it is what was really built, on the machines that built it. Nothing is built, and no machine is",
            "asked.",
            ""
        })
final class SimulateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    CommandSpec spec;

    @Option(
            names = "--fleet",
            paramLabel = "MACHINES",
            defaultValue = "8x1.0 4x0.8 2x1.5 2x1.0",
            description = "Cores and speed of each machine (default: ${DEFAULT-VALUE}).")
    String fleet = "";

    @Option(
            names = "--history",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "Take boards, commits, costs and machines from a history of builds (default: that of boss history); only"
                            + " as many boards and commits as --boards and --commits say, the latest ones.")
    @Nullable
    String history;

    @Option(
            names = "--boards",
            paramLabel = "N",
            defaultValue = "48",
            description = "Boards (default: ${DEFAULT-VALUE}).")
    int boards;

    @Option(
            names = "--commits",
            paramLabel = "N",
            defaultValue = "6",
            description = "Commits (default: ${DEFAULT-VALUE}).")
    int commits;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The first seed (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Runs, each with the next seed (default: ${DEFAULT-VALUE}).")
    int runs;

    @Option(
            names = "--off-by",
            paramLabel = "F",
            defaultValue = "1",
            description = "Estimates are off by this factor, up or down.")
    double offBy;

    @Option(
            names = "--lose",
            paramLabel = "N",
            defaultValue = "0",
            description = "Machines that are lost at a random time.")
    int lose;

    @Option(
            names = "--slow",
            paramLabel = "N",
            defaultValue = "0",
            description = "Machines that get slower at a random time.")
    int slow;

    @Option(names = "--svg", paramLabel = "FILE", description = "Write the timeline of our policy's first run there.")
    @Nullable
    Path svg;

    private final BossCommand boss;
    private Optional<Recorded> recorded = Optional.empty();

    SimulateCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() throws IOException {
        if (boards < 1 || commits < 1 || runs < 1 || !(offBy >= 1) || lose < 0 || slow < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--boards, --commits and --runs must be at least 1, --off-by too, --lose and --slow not negative");
        }
        if (history != null) {
            recorded = Optional.of(recorded(history));
        }
        SimFleet machines = machines();
        if (lose >= machines.machines().size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--lose " + lose + " leaves none of " + machines.machines().size() + " machines");
        }
        Workload first = workload(seed);
        List<Score> scores = Stream.of(Policy.values())
                .map(policy -> score(policy, machines))
                .toList();
        if (svg != null) {
            SimResult result = Simulation.runWithTimeline(machines, first, Policy.OURS, faults(machines, first, seed));
            String title = first.boardCount() + " boards x " + first.commits() + " commits, seed " + seed;
            Files.writeString(boss.around.resolve(svg), Timeline.svg(machines, result, title));
        }
        if (boss.json) {
            boss.around.out().println(EventJson.text(json(first, machines, scores)));
        } else {
            print(first, machines, scores);
        }
        return 0;
    }

    /** What runs by one policy came to: means, but for the worst of them. */
    private record Score(Policy policy, double makespanS, double ratio, double worst, double wasted) {}

    private void print(Workload first, SimFleet machines, List<Score> scores) {
        var out = boss.around.out();
        out.printf(
                "%d boards x %d commits on %s, %d runs from seed %d%n%n",
                first.boardCount(), first.commits(), words(machines), runs, seed);
        TextTable table = new TextTable().row("policy", "makespan", "/ bound", "worst", "wasted");
        for (Score score : scores) {
            table.row(
                    score.policy().title(),
                    String.format(Locale.ROOT, "%.1f s", score.makespanS()),
                    String.format(Locale.ROOT, "%.3f", score.ratio()),
                    String.format(Locale.ROOT, "%.3f", score.worst()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * score.wasted()));
        }
        table.lines().forEach(out::println);
        if (svg != null) {
            out.println();
            out.println("timeline: " + svg);
        }
        out.flush();
    }

    private Map<String, Object> json(Workload first, SimFleet machines, List<Score> scores) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("boards", first.boardCount());
        object.put("commits", first.commits());
        object.put("runs", runs);
        object.put("seed", seed);
        object.put(
                "machines",
                machines.machines().stream().map(SimulateCommand::json).toList());
        object.put("policies", scores.stream().map(SimulateCommand::json).toList());
        return object;
    }

    private static Map<String, Object> json(SimMachine machine) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", machine.name());
        object.put("cores", machine.cores());
        object.put("speed", machine.speed());
        object.put("slots", machine.slots());
        return object;
    }

    private static Map<String, Object> json(Score score) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("policy", score.policy().title());
        object.put("makespanMs", Math.round(1000 * score.makespanS()));
        object.put("overBound", score.ratio());
        object.put("worst", score.worst());
        object.put("wasted", score.wasted());
        return object;
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private Recorded recorded(String file) {
        Path path = file.isEmpty()
                ? RecordingDisplay.file(
                        boss.loader(Optional.empty()).load().settings().history(), boss.around.home())
                : boss.around.resolve(Path.of(file));
        if (!Files.exists(path)) {
            throw new ParameterException(spec.commandLine(), "--history: " + path + ": no such file");
        }
        try (History open = History.open(path)) {
            List<Build> builds = open.builds();
            if (builds.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--history: " + path + " remembers no build");
            }
            int most = Integer.MAX_VALUE;
            return Recorded.of(
                    builds, open.changes(), isGiven("--boards") ? boards : most, isGiven("--commits") ? commits : most);
        }
    }

    private SimFleet machines() {
        if (recorded.isPresent() && !isGiven("--fleet")) {
            return recorded.get().fleet();
        }
        try {
            return SimFleet.of("fleet", fleet);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--fleet: " + e.getMessage(), e);
        }
    }

    private static String words(SimFleet machines) {
        return machines.machines().stream()
                .map(machine -> String.format(Locale.ROOT, "%dx%.1f", machine.cores(), machine.speed()))
                .collect(Collectors.joining(" "));
    }

    private Workload workload(long number) {
        Workload.Shape shape = Workload.Shape.USUAL.offBy(offBy);
        return recorded.map(real -> real.workload(shape, number))
                .orElseGet(() -> Workload.generate(boards, commits, shape, number));
    }

    private List<Fault> faults(SimFleet machines, Workload workload, long number) {
        return Faults.random(machines, workload.bound(machines), lose, slow, number);
    }

    private Score score(Policy policy, SimFleet machines) {
        double makespan = 0;
        double ratio = 0;
        double worst = 0;
        double wasted = 0;
        for (long number = seed; number < seed + runs; number++) {
            Workload workload = workload(number);
            SimResult result = Simulation.run(machines, workload, policy, faults(machines, workload, number));
            double bound = workload.tightBound(machines);
            makespan += result.makespanS() / runs;
            ratio += result.makespanS() / bound / runs;
            worst = Math.max(worst, result.makespanS() / bound);
            wasted += result.wasted() / workload.total() / runs;
        }
        return new Score(policy, makespan, ratio, worst, wasted);
    }
}
