package dev.buildboss.cli;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.BuildbossException;
import dev.buildboss.boards.BoardSource;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.report.CommitSeries;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.PrefixCheck;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code boss build}: the main job. */
@Command(
        name = "build",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Builds boards × commits, and says which commit broke which board.",
        description = {
            "",
            "  boss build zynq                     the source as it stands, for the boards whose name begins with zynq",
            "  boss build -b my-branch arm         each commit of my-branch since its upstream, for all arm boards",
            "  boss build -b my-branch -c 3        its top three commits, for all boards",
            "  boss build -b my-branch --dist      on the machines of the settings as well",
            "",
            "Results are kept on disk; a second run builds only what is missing. A run may be stopped at any time (Ctrl-C).",
            ""
        })
final class BuildCommand implements Callable<Integer> {

    @Mixin
    private final SourceOptions source = new SourceOptions();

    @Mixin
    private final SeriesOptions series = new SeriesOptions();

    @Option(
            names = {"-f", "--force-build"},
            description = "Build all again, whether or not there are results.")
    private boolean force;

    @Option(
            names = {"-F", "--force-build-failures"},
            description = "Build again what failed or warned.")
    private boolean forceFailures;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only say what would be built, where, and when that would end; with -v every board.")
    private boolean dryRun;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show errors and warnings as they come.")
    private boolean verbose;

    @Mixin
    private final EndOptions endOptions = new EndOptions();

    @Option(
            names = {"-s", "--summary"},
            description = "Build nothing: show the summary of what is built, as boss summary does.")
    private boolean summaryOnly;

    @Option(
            names = {"-z", "--build-summary"},
            description = "Build, and show the summary then.")
    private boolean thenSummary;

    @Mixin
    private final SummaryOptions summaryOptions = new SummaryOptions();

    @Option(
            names = {"-W", "--ignore-warnings"},
            description = "End with status 0 when there are only warnings.")
    private boolean ignoreWarnings;

    @Option(names = "--config-only", description = "Only configure each board (make cfg), without compiling.")
    private boolean configOnly;

    @Mixin
    private final BuildOptionsGroup buildOptions = new BuildOptionsGroup();

    @Mixin
    private final ChangeOptions changeOptions = new ChangeOptions();

    @Option(
            names = {"-w", "--work-in-output"},
            description =
                    "Build one board in the directory of -o itself: all that make leaves stays there. With -i: in your"
                            + " own tree.")
    private boolean workInOutput;

    @Mixin
    private final MachineOptions machineOptions = new MachineOptions();

    @Mixin
    private final BuildFetchOptions fetchOptions = new BuildFetchOptions();

    @Option(
            names = {"--mach", "--machines"},
            description = "Look at the machines and show them, as boss machines does; build nothing.")
    private boolean showMachines;

    @Option(
            names = "--list-tool-chains",
            description = "Show this computer's compilers, as boss toolchains list does; build nothing.")
    private boolean listToolchains;

    @Option(
            names = "--kill-workers",
            description =
                    "End stale workers on the machines and remove their locks, as boss workers kill does; build nothing.")
    private boolean killWorkers;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Write who built what when to FILE, in Chrome's trace-event format (Perfetto opens it).")
    private @Nullable Path trace;

    private final BossCommand boss;

    BuildCommand(BossCommand boss) {
        this.boss = boss;
    }

    /** {@code boss plan}: the same options, and nothing is built. */
    static CommandLine plan(BossCommand boss) {
        BuildCommand command = new BuildCommand(boss);
        command.dryRun = true;
        CommandLine line = new CommandLine(command);
        line.getCommandSpec()
                .name("plan")
                .usageMessage()
                .header("Says what a build with these options would do: what would go where, and when it would end.")
                .description(
                        "",
                        "Machines are looked at and nothing is started on them. The last lines say when all would end, what one more",
                        "machine would bring, and what the figures rest on. The same as boss build --dry-run.",
                        "");
        return line;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        if (fetchOptions.given()) {
            return fetchOptions.run(boss, boss.loader(Optional.empty()).load().settings(), machineOptions);
        }
        if (listToolchains) {
            return new ToolchainTable(boss)
                    .show(boss.loader(Optional.empty()).load().settings());
        }
        if (showMachines) {
            SettingsLoader loader = boss.loader(Optional.empty());
            machineOptions.apply(loader);
            Settings settings = loader.load().settings();
            return new MachineTable(boss, settings).show(machineOptions.remote(settings));
        }
        if (killWorkers) {
            Settings settings = boss.loader(Optional.empty()).load().settings();
            List<Machine> machines = machineOptions.remote(settings);
            if (machines.isEmpty()) {
                throw new BuildbossException(MachineOptions.NONE_CONFIGURED);
            }
            return new WorkerRoll(boss, settings).kill(machines, false);
        }
        if (summaryOnly) {
            ResultsFinder.Found found = new ResultsFinder(boss, source, series).find();
            return new SummaryPrinter(boss.around, summaryOptions, loadedLocal())
                    .print(found, ignoreWarnings)
                    .code();
        }
        try (SourceRepository repository = source.open(boss.around)) {
            SettingsLoader loader = boss.loader(repository.workTree());
            source.apply(loader);
            buildOptions.apply(loader);
            changeOptions.apply(loader);
            machineOptions.apply(loader);
            SettingsLoader.Loaded loaded = loader.load();
            Settings settings = loaded.settings();
            MachineOptions.Choice machines = machineOptions.choose(settings);
            if (machines.machines().stream().anyMatch(Machine::isLocal)) {
                PrefixCheck.check(loaded, boss.around.home());
            }
            List<String> notes = new ArrayList<>();
            machines.note().ifPresent(notes::add);
            BuildRequest request = request(repository, settings, notes);
            if (workInOutput) {
                request = WorkInOutput.of(
                        request, machines.machines(), repository.workTree(), series.outputGiven(boss.around));
            }
            WorkInOutput.staleResults(request).ifPresent(notes::add);
            if (dryRun) {
                new DryRun(boss.json ? boss.around.err() : boss.around.out(), verbose)
                        .print(request, machines.machines(), notes);
                new PlanView(boss, settings, verbose).show(request, machines.machines());
                return 0;
            }
            return run(settings, request, machines.machines(), notes);
        }
    }

    private Settings.Local loadedLocal() {
        SettingsLoader loader = boss.loader(Optional.empty());
        buildOptions.apply(loader);
        return loader.load().settings().local();
    }

    private int run(Settings settings, BuildRequest request, List<Machine> machines, List<String> notes) {
        BuildSession session = new BuildSession(boss, verbose, endOptions)
                .traceTo(Optional.ofNullable(trace).map(boss.around::resolve));
        Optional<BuildReport> report = session.run(settings, request, machines, Map.of(), notes, ignoreWarnings);
        if (thenSummary && report.isPresent()) {
            List<Commit> commits = request.current() ? List.of() : request.commits();
            ResultsFinder.Found built =
                    new ResultsFinder.Found(request.outputDir(), commits, request.boards(), true, List.of());
            new SummaryPrinter(boss.around, summaryOptions, settings.local()).print(built, ignoreWarnings);
        }
        return session.status();
    }

    private BuildRequest request(SourceRepository repository, Settings settings, List<String> notes) {
        Path directory = series.directory(boss.around, repository);
        Path kept = series.noSubdirs ? directory : directory.resolveSibling(".").normalize();
        BoardSource.Found list = source.list(boss.around, repository, series.tipName(), Optional.of(kept), settings);
        notes.addAll(list.notes());
        List<Board> boards = source.choose(list.list());
        FragmentCheck.missing(
                        settings.build().changes().fragments(), repository.tree(series.tipName()), series.isCurrent())
                .ifPresent(notes::add);
        List<Commit> commits;
        Set<String> obsolete = Set.of();
        if (series.isCurrent()) {
            commits = List.of(repository.currentSource());
        } else {
            CommitSeries found = repository.series(series.request());
            commits = found.commits();
            notes.addAll(found.notes());
            obsolete = repository.obsolete(directory, found.tip());
        }
        return new BuildRequest(
                repository.gitDir(),
                boards,
                commits,
                series.isCurrent(),
                directory,
                options(settings.build())
                        .withAllowMissing(settings.allowMissing().in(boards.size(), !series.isCurrent())),
                force ? Rebuild.ALL : forceFailures ? Rebuild.FAILED : Rebuild.MISSING,
                obsolete,
                false,
                boss.debug);
    }

    private BuildOptions options(BuildOptions set) {
        return new BuildOptions(
                set.verboseBuild(),
                set.allowMissing(),
                set.noLto(),
                set.reproducibleBuilds(),
                set.warningsAsErrors(),
                set.mrproper(),
                set.fallbackMrproper(),
                configOnly,
                force,
                set.forceReconfig(),
                set.kconfigCheck(),
                set.lines(),
                set.keepOutputs(),
                set.changes());
    }
}
