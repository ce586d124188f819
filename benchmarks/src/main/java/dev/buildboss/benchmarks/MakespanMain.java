package dev.buildboss.benchmarks;

import dev.buildboss.cli.fleet.DemoFleet;
import dev.buildboss.cli.fleet.DemoWork;
import dev.buildboss.cli.fleet.HeldCores;
import dev.buildboss.cli.fleet.HeldCores.Held;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How near real runs over the demo fleet come to the bound that no schedule beats. See {@code benchmarks/README.md} for the command.
 *
 * <p>A run is {@code boss build} as a person starts it; its makespan is from its first recipe to the end of its last, by what the
 * recipes wrote down. Policies take turns. One run before them is not counted: it gives the machines their worker, and teaches how
 * long boards take.
 */
public final class MakespanMain {

    private static final long RUN_MINUTES = 10;
    private static final long SEED = 1;
    private static final String MACHINES = "8x1.0 4x0.8 2x1.5 2x1.0";

    /** Boards, commits, core-seconds of a first build, and what is wanted of the last policy. */
    private record Matrix(int boards, int commits, double seconds, double wanted) {
        private static Matrix of(String text) {
            String[] words = text.split("[x:]", -1);
            int boards = Integer.parseInt(words[0]);
            return new Matrix(
                    boards, Integer.parseInt(words[1]), Double.parseDouble(words[2]), boards < 8 ? 1.3 : 1.15);
        }

        private String name() {
            return boards + "x" + commits;
        }
    }

    private record Run(double makespanS, int mostHeld, double heldS) {}

    private final Path directory;
    private final DemoFleet fleet;
    private final SimFleet machines;

    private MakespanMain(Path directory) {
        this.directory = directory;
        this.fleet = new DemoFleet(directory.resolve("fleet"));
        this.machines = SimFleet.of("demo", MACHINES);
    }

    /** Arguments: a directory to work in, runs, policies separated by commas, matrices (BOARDSxCOMMITS:SECONDS). */
    public static void main(String[] args) throws Exception {
        MakespanMain main = new MakespanMain(Path.of(args[0]).toAbsolutePath());
        List<String> policies = List.of(args[2].split(",", -1));
        boolean good = true;
        main.fleet.up(main.machines);
        try {
            for (String matrix : List.of(args).subList(3, args.length)) {
                good &= main.measure(Matrix.of(matrix), Integer.parseInt(args[1]), policies);
            }
        } finally {
            main.fleet.down();
        }
        System.exit(good ? 0 : 1);
    }

    private boolean measure(Matrix matrix, int runs, List<String> policies) throws IOException, InterruptedException {
        Path tree = directory.resolve("tree-" + matrix.name());
        DemoWork work = DemoWork.generate(matrix.boards(), matrix.commits(), matrix.seconds(), SEED);
        work.make(tree);
        Path config = directory.resolve(matrix.name() + ".conf");
        Files.writeString(config, fleet.settings() + work.settings());
        double plain = work.workload().bound(machines);
        double tight = work.workload().tightBound(machines);
        String last = policies.get(policies.size() - 1);
        Run learning = run(matrix, tree, config, last, "learning");
        System.out.printf(
                Locale.ROOT,
                "%s: no schedule ends before %.2f s (tight bound: %.2f s); the run to learn from took %.2f s%n",
                matrix.name(),
                plain,
                tight,
                learning.makespanS());
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        for (int i = 0; i < runs; i++) {
            for (String policy : policies) {
                Run run = run(matrix, tree, config, policy, policy + "-" + i);
                ratios.computeIfAbsent(policy, key -> new ArrayList<>()).add(run.makespanS() / plain);
                System.out.printf(
                        Locale.ROOT,
                        "  %-12s %6.2f s: %.3f; cores held %.1f s, at most %d of %d at once%n",
                        policy,
                        run.makespanS(),
                        run.makespanS() / plain,
                        run.heldS(),
                        run.mostHeld(),
                        machines.machines().stream().mapToInt(SimMachine::cores).sum());
            }
        }
        ratios.forEach((policy, all) -> System.out.printf(
                Locale.ROOT,
                "%s %s: median of %d %.3f of the bound, %.3f of the tight bound%n",
                matrix.name(),
                policy,
                all.size(),
                median(all),
                median(all) * plain / tight));
        boolean good = median(ratios.getOrDefault(last, List.of(Double.NaN))) <= matrix.wanted();
        System.out.printf(
                Locale.ROOT, "%s: wanted %.2f: %s%n", matrix.name(), matrix.wanted(), good ? "holds" : "MISSED");
        return good;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private Run run(Matrix matrix, Path tree, Path config, String policy, String name)
            throws IOException, InterruptedException {
        for (SimMachine machine : machines.machines()) {
            Files.writeString(fleet.recipes(machine.name()), "");
        }
        Path results = directory.resolve("results-" + matrix.name() + "-" + name);
        Path log = directory.resolve(matrix.name() + "-" + name + ".log");
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.buildboss.cli.BossMain",
                "build",
                "--config",
                config.toString(),
                "--dist"));
        argv.addAll(List.of("-b", DemoWork.BRANCH, "-c", "" + matrix.commits(), "-o", results.toString()));
        if (!policy.equals("default")) {
            argv.addAll(List.of("--set", "schedule.placement=" + policy));
        }
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeAll(List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL"));
        Process boss = builder.start();
        if (!boss.waitFor(RUN_MINUTES, TimeUnit.MINUTES) || boss.exitValue() != 0) {
            boss.destroy();
            throw new IOException("boss build did not end well; see below\n" + Files.readString(log));
        }
        return evaluate();
    }

    private Run evaluate() throws IOException {
        List<Held> all = new ArrayList<>();
        for (SimMachine machine : machines.machines()) {
            List<Held> held = HeldCores.read(fleet.recipes(machine.name()));
            int most = most(held);
            if (most > machine.cores()) {
                // The list has hundredths of a second: one recipe's end and the next one's begin may seem to overlap.
                System.out.printf(
                        "  (%s: %d recipes at once on %d cores by the list)%n", machine.name(), most, machine.cores());
            }
            all.addAll(held);
        }
        double from = all.stream().mapToDouble(Held::fromS).min().orElseThrow();
        double until = all.stream().mapToDouble(Held::untilS).max().orElseThrow();
        double held = all.stream().mapToDouble(h -> h.untilS() - h.fromS()).sum();
        return new Run(until - from, most(all), held);
    }

    /** How many ran at once, at most. */
    private static int most(List<Held> all) {
        List<double[]> edges = all.stream()
                .flatMap(h -> Stream.of(new double[] {h.fromS(), 1}, new double[] {h.untilS() - 0.02, -1}))
                .sorted(Comparator.<double[]>comparingDouble(e -> e[0]).thenComparingDouble(e -> e[1]))
                .toList();
        int now = 0;
        int most = 0;
        for (double[] edge : edges) {
            now += (int) edge[1];
            most = Math.max(most, now);
        }
        return most;
    }
}
