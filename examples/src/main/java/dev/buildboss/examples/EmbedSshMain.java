package dev.buildboss.examples;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildScheduler;
import dev.buildboss.WorkerJars;
import dev.buildboss.model.Board;
import dev.buildboss.model.Machine;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.ssh.SshTransports;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Builds on the ssh machines of a settings file, with a recipe that travels to them beside the worker. */
public final class EmbedSshMain {

    private EmbedSshMain() {}

    /** Arguments: the source tree, a range of commits, the results, the settings, the worker's jar, the recipe's jar, boards. */
    public static void main(String[] args) {
        List<Board> boards = Arrays.stream(args)
                .skip(6)
                .map(name -> Board.of(name, "sandbox"))
                .toList();
        BuildReport report = build(
                Path.of(args[0]),
                args[1],
                Path.of(args[2]),
                Path.of(args[3]),
                WorkerJars.ofFiles(Path.of(args[4]), Path.of(args[5])),
                boards);
        report.machines().forEach(System.out::println);
        System.exit(report.exitStatus(false).code());
    }

    static BuildReport build(
            Path tree, String range, Path results, Path settingsFile, WorkerJars bundle, List<Board> boards) {
        Settings settings = new SettingsLoader()
                .configFile(settingsFile)
                .set("buildboss.recipe=plain-make")
                .load()
                .settings();
        List<Machine> machines = List.copyOf(settings.machines().values());
        try (SourceRepository repository = SourceRepository.open(tree);
                WorkerTransport transport = SshTransports.create(settings);
                BuildScheduler scheduler = BuildScheduler.builder()
                        .settings(settings)
                        .transport(transport)
                        .bundle(bundle)
                        .build()) {
            BuildRequest request = BuildRequest.of(
                    repository.gitDir(),
                    boards,
                    repository.series(SeriesRequest.branch(range)).commits(),
                    results);
            return scheduler
                    .start(request, machines)
                    .report()
                    .toCompletableFuture()
                    .join();
        }
    }
}
