package dev.buildboss.benchmarks;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildScheduler;
import dev.buildboss.WorkerJars;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What scheduling costs: a matrix in which {@code make} returns at once, over two workers. See {@code benchmarks/README.md} for
 * the command; {@code benchmarks/scheduling-cost} prepares the stub and the machines.
 */
public final class SchedulingCostMain {

    private SchedulingCostMain() {}

    /** Arguments: a directory to work in, the worker's jar, boards, commits, warm-up results, measured results. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]).toAbsolutePath();
        int boards = Integer.parseInt(args[2]);
        int commits = Integer.parseInt(args[3]);
        StubTree tree = new StubTree(directory.resolve("tree"), boards, commits);
        List<Commit> series = tree.make();
        CostMeter meter = new CostMeter(Integer.parseInt(args[4]), Integer.parseInt(args[5]));
        Settings settings = Settings.of(
                ConfigFactory.parseString("buildboss { boss.event-buffer = 20000, probe.max-load = 1000 }"));
        Map<String, Path> machines = Map.of("m1", directory.resolve("w1"), "m2", directory.resolve("w2"));
        try (ProcessTransport transport = ProcessTransport.withMachines(machines);
                BuildScheduler scheduler = BuildScheduler.builder()
                        .settings(settings)
                        .transport(transport)
                        .bundle(WorkerJars.ofFiles(Path.of(args[1])))
                        .build()) {
            BuildRequest request = BuildRequest.of(tree.gitDir(), tree.boards(), series, directory.resolve("out"));
            List<Machine> fleet = machines.keySet().stream()
                    .sorted()
                    .map(name -> new Machine(name, name, 2, "", Optional.empty(), List.of()))
                    .toList();
            BuildRun run = scheduler.start(request, fleet);
            run.events().subscribe(meter);
            BuildReport report = run.report().toCompletableFuture().join();
            System.out.println(meter.report());
            System.out.println(report.outcomes().size() + " cells, " + report.exitStatus(false) + ", "
                    + report.duration().toMillis() + " ms, " + report.machines());
        }
    }
}
