package dev.buildboss.benchmarks;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildScheduler;
import dev.buildboss.WorkerJars;
import dev.buildboss.model.Commit;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.ssh.SshTransports;
import java.nio.file.Path;
import java.util.List;

/**
 * What scheduling costs: a matrix in which {@code make} returns at once, over two workers. See {@code benchmarks/README.md} for
 * the command; {@code benchmarks/scheduling-cost} prepares the stub and the machines.
 */
public final class SchedulingCostMain {

    private SchedulingCostMain() {}

    /** Arguments: a directory to work in, the worker's jar, boards, commits, warm-up results, measured results, settings. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]).toAbsolutePath();
        StubTree tree = new StubTree(directory.resolve("tree"), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        List<Commit> series = tree.make();
        CostMeter meter = new CostMeter(Integer.parseInt(args[4]), Integer.parseInt(args[5]));
        Settings settings = new SettingsLoader()
                .configFile(Path.of(args[6]))
                .set("buildboss.boss.event-buffer=20000")
                .load()
                .settings();
        try (WorkerTransport transport = SshTransports.create(settings);
                BuildScheduler scheduler = BuildScheduler.builder()
                        .settings(settings)
                        .transport(transport)
                        .bundle(WorkerJars.ofFiles(Path.of(args[1])))
                        .build()) {
            BuildRequest request = BuildRequest.of(tree.gitDir(), tree.boards(), series, directory.resolve("out"));
            BuildRun run =
                    scheduler.start(request, List.copyOf(settings.machines().values()));
            run.events().subscribe(meter);
            BuildReport report = run.report().toCompletableFuture().join();
            System.out.println(meter.report());
            System.out.println(report.outcomes().size() + " cells in "
                    + report.duration().toMillis() + " ms, " + report.exitStatus(false) + "; heap of at most "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        }
    }
}
