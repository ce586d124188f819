package dev.buildboss.cli;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.BuildbossException;
import dev.buildboss.bitbake.BitbakeFollowUp;
import dev.buildboss.lock.LockFile;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss bitbake}: Yocto's recipes × MACHINEs. */
@Command(
        name = "bitbake",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Builds Yocto's recipes for several MACHINEs, by one bitbake call for each.",
        description = {
            "",
            "  . oe-init-build-env",
            "  boss bitbake --machines qemux86-64,qemuarm,qemuriscv64 busybox",
            "  boss bitbake --machines qemux86-64,qemuarm --dist core-image-minimal",
            "",
            "The first MACHINE is built in $BUILDDIR itself, every other one in $BUILDDIR-MACHINE, whose conf/ is copied",
            "afresh from $BUILDDIR each time. All build at once; bitbake limits its own load.",
            ""
        })
final class BitbakeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RECIPE", arity = "1..*", description = "What bitbake is to build, as it takes it.")
    private List<String> recipes = new ArrayList<>();

    @Option(
            names = {"-m", "--machines"},
            paramLabel = "MACHINE",
            split = ",",
            description = "The MACHINEs, with commas between them (default: $MACHINE). The first has $BUILDDIR.")
    private List<String> machines = new ArrayList<>();

    @Option(
            names = {"--serial", "--serial-build"},
            description = "Build one MACHINE after the other, all in $BUILDDIR, and stop at the first that fails.")
    private boolean serial;

    @Option(
            names = {"-k", "--continue"},
            description = "bitbake -k: let each bitbake go on as far as it can after a failure.")
    private boolean keepGoing;

    @Option(
            names = "--runonly",
            paramLabel = "TASK",
            description = "bitbake --runonly=TASK: run this task only, of the recipes and of what they need.")
    private List<String> runOnly = new ArrayList<>();

    @Option(names = "--skip-compilation", description = "Build nothing, and say so in the result.")
    private boolean skip;

    @Option(
            names = "--resume",
            description = "Build only the MACHINEs that have no result of this source yet (default: all; bitbake knows"
                    + " what is up to date).")
    private boolean resume;

    @Option(
            names = {"-F", "--force-build-failures"},
            description = "As --resume, and those that failed or warned again.")
    private boolean failures;

    @Option(
            names = {"-T", "--threads"},
            paramLabel = "N",
            description = "MACHINEs at once on this computer (default: all).")
    @Nullable
    private Integer threads;

    @Option(
            names = {"-o", "--output-dir"},
            paramLabel = "DIR",
            description = "Where the work directory of the group goes, DIR/RECIPE (default: $BUILDDIR/buildboss).")
    @Nullable
    private Path output;

    @Option(
            names = {"-g", "--git"},
            paramLabel = "DIR",
            description =
                    "The repository with the layers, which machines get (default: that of the current directory, or"
                            + " of bitbake).")
    @Nullable
    private Path git;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only say what would be built, and where.")
    private boolean dryRun;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show errors and warnings as they come.")
    private boolean verbose;

    @Option(
            names = {"-W", "--ignore-warnings"},
            description = "End with status 0 when there are only warnings.")
    private boolean ignoreWarnings;

    @Mixin
    private final MachineOptions machineOptions = new MachineOptions();

    private final BossCommand boss;

    BitbakeCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        BitbakeSetup setup = BitbakeSetup.look(boss.around, machines, recipes, arguments(), serial);
        BitbakeWork work = new BitbakeWork(
                (output == null ? setup.ownDirectory() : boss.around.resolve(output)).resolve(setup.groupName()));
        if (skip) {
            return skipped(setup, work);
        }
        setup.check();
        if (machineOptions.comparesImages()) {
            throw new BuildbossException(
                    "--verify-machines compares images of one board, and MACHINEs make other ones:" + " leave it away");
        }
        BitbakePlan plan = BitbakePlan.of(boss, setup, machineOptions, threads, Optional.ofNullable(git));
        if (dryRun) {
            plan.describe(work.directory()).forEach(boss.around.out()::println);
            return 0;
        }
        try (LockFile held = lock(setup)) {
            held.refresh();
            return serial ? runInTurn(plan, work) : runAll(plan, work);
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of BUILDDIR can't be given back", e);
        }
    }

    /** bitbake's own options, as its command line has them. */
    private List<String> arguments() {
        List<String> result = new ArrayList<>();
        if (keepGoing) {
            result.add("-k");
        }
        runOnly.forEach(task -> result.add("--runonly=" + task));
        return result;
    }

    private int skipped(BitbakeSetup setup, BitbakeWork work) {
        work.skipped(setup.machines());
        if (boss.json) {
            Map<String, Object> event =
                    Map.of("event", "skipped", "recipes", setup.recipes(), "machines", setup.machines());
            boss.around.out().println(EventJson.text(event));
        } else {
            boss.around.out().println(String.join(" ", setup.recipes()) + ": " + BitbakeWork.SKIPPED);
        }
        return ExitStatus.OK.code();
    }

    /** Two bosses in one BUILDDIR would take each other's conf/ away. */
    private static LockFile lock(BitbakeSetup setup) {
        try {
            LockFile.Attempt attempt = LockFile.take(
                    setup.ownDirectory().resolve("lock"), Clock.systemUTC().instant(), Optional.empty());
            if (attempt instanceof LockFile.InUse other) {
                throw new BuildbossException(
                        "BUILDDIR " + setup.buildDir() + " is in use by " + other.by() + "; wait for it");
            }
            return ((LockFile.Taken) attempt).lock();
        } catch (IOException e) {
            throw new BuildbossException("BUILDDIR " + setup.buildDir() + " can't be locked: " + e.getMessage(), e);
        }
    }

    private Rebuild rebuild() {
        return failures ? Rebuild.FAILED : resume ? Rebuild.MISSING : Rebuild.ALL;
    }

    /** All MACHINEs in one run; each has ended before the group's result is told. */
    private int runAll(BitbakePlan plan, BitbakeWork work) {
        List<String> names = plan.setup().machines();
        BuildSession session = session(work);
        Optional<BuildReport> report = run(session, plan, work, names);
        int status = session.status();
        if (report.isPresent() && work.allPassed(report.get(), names)) {
            status = ExitStatus.first(status, followUp(plan, work, report.get().previous() < names.size()));
        }
        report.ifPresent(done -> work.write(List.of(done), names));
        return status;
    }

    /** A run for each MACHINE: what comes after the first is to see what the first has built, and nothing else. */
    private int runInTurn(BitbakePlan plan, BitbakeWork work) {
        List<String> names = plan.setup().machines();
        List<BuildReport> reports = new ArrayList<>();
        int status = 0;
        boolean passed = true;
        for (int at = 0; at < names.size() && passed; at++) {
            List<String> one = names.subList(at, at + 1);
            BuildSession session = session(work);
            Optional<BuildReport> report = run(session, plan, work, one);
            report.ifPresent(reports::add);
            status = ExitStatus.first(status, session.status());
            passed = report.isPresent() && work.allPassed(report.get(), one);
            if (passed && at == 0) {
                status = ExitStatus.first(
                        status, followUp(plan, work, report.get().previous() == 0));
            }
        }
        work.write(reports, names);
        return status;
    }

    private BuildSession session(BitbakeWork work) {
        return new BuildSession(boss, verbose).shownThrough(shown -> new BitbakeDisplay(shown, work));
    }

    private Optional<BuildReport> run(BuildSession session, BitbakePlan plan, BitbakeWork work, List<String> names) {
        BuildRequest request = plan.request(names, work.directory(), rebuild(), boss.debug);
        List<String> notes = new ArrayList<>(plan.notes());
        notes.add("compiling " + String.join(" ", plan.setup().recipes()) + " for " + String.join(", ", names));
        Settings settings = plan.settings();
        List<Machine> fleet = plan.machines();
        return session.run(settings, request, fleet, Map.of(), notes, ignoreWarnings);
    }

    private int followUp(BitbakePlan plan, BitbakeWork work, boolean builtAnything) {
        BitbakeFollowUp wanted = BitbakeFollowUp.of(plan.settings().recipeSettings());
        Path buildDir = plan.setup().buildDir();
        boolean due = builtAnything || !work.hasFollowedUp();
        return due && wanted.applies(buildDir)
                ? work.followUp(boss, wanted, plan.setup().environmentOfFirst(), buildDir)
                : 0;
    }
}
