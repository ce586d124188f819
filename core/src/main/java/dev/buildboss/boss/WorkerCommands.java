package dev.buildboss.boss;

import dev.buildboss.bitbake.BitbakeRecipe;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Compiler;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.CompilerRule;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.Power;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.plan.WorkerFitness;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.Response.ToolchainInfo;
import dev.buildboss.results.ResultLayout;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a worker with these features is told (pure): an extended key only where the worker named its feature. */
final class WorkerCommands {

    /** What a worker may claim to take at once: as {@code max-boards}. */
    private static final int MAX_SLOTS = 4096;

    private WorkerCommands() {}

    /** Local builds have their worktrees below the output directory, and a repository there that borrows the user's objects. */
    static WorkerLaunch launch(RunContext run, Machine machine) {
        Path work = run.store().outputDir().toAbsolutePath();
        return new WorkerLaunch(
                run.bundle(),
                machine.isLocal() ? Optional.of(work.toString()) : Optional.empty(),
                machine.isLocal()
                        ? Optional.of(work.resolve(ResultLayout.WORK_DIR)
                                .resolve("repo.git")
                                .toString())
                        : Optional.empty(),
                run.request().followDebug(),
                run.settings().forWorkers(machine),
                Optional.of(ThisProcess.owner(run.clock().instant())));
    }

    /**
     * The settings of a run.
     *
     * @param compilers this computer's
     * @param found those on the machine of a worker that names none: it is to take the ones that were judged
     */
    static Command.Configure configure(
            RunContext run,
            Machine machine,
            Set<Feature> features,
            HostCompilers compilers,
            Map<String, Compiler> found) {
        Settings settings = run.settings();
        Map<String, String> toolchains = new HashMap<>();
        Set<String> archs = run.architectures();
        found.forEach((arch, compiler) -> {
            if (archs.contains(arch) && !arch.equals(CompilerRule.SANDBOX)) {
                toolchains.put(arch, compiler.path());
            }
        });
        settings.toolchains().prefixes().forEach((arch, prefix) -> toolchains.put(arch, prefix + "gcc"));
        boolean recipe = features.contains(Feature.RECIPE);
        return new Command.Configure(
                options(run.request().options(), machine, features),
                toolchains,
                features,
                recipe ? Optional.of(settings.recipe()) : Optional.empty(),
                recipe ? settings.recipeSettings() : Map.of(),
                features.contains(Feature.COMPILER_IDENTITY) ? infos(compilers) : Map.of());
    }

    private static Map<String, ToolchainInfo> infos(HostCompilers compilers) {
        Map<String, ToolchainInfo> result = new HashMap<>();
        compilers.byArch().forEach((arch, compiler) -> result.put(arch, ToolchainInfo.of(compiler)));
        return result;
    }

    private static BuildOptions options(BuildOptions wanted, Machine machine, Set<Feature> features) {
        BuildChanges changes = features.contains(Feature.BUILD_CHANGES) ? wanted.changes() : BuildChanges.NONE;
        return wanted.withKeepOutputs(wanted.keepOutputs() && features.contains(Feature.KEEP_OUTPUTS))
                .withChanges(machine.isLocal() ? changes : changes.withPlace(Optional.empty()));
    }

    /** What this run asks for and a worker with these features would leave out, so that its results would be other ones. */
    static Optional<String> unsuited(RunContext run, Machine machine, Set<Feature> features) {
        Settings settings = run.settings();
        BuildChanges changes = run.request().options().changes();
        boolean worktreesElsewhere = settings.recipe().equals(BitbakeRecipe.NAME);
        if (changes.place().isPresent() && !machine.isLocal() && !worktreesElsewhere) {
            return Optional.of("this run builds in a directory of this computer (-w)");
        }
        return WorkerFitness.unfit(settings, run.request().boards(), changes, features);
    }

    /** What such a worker leaves out without harm to the verdict, to be said once; empty: nothing. */
    static String leftOut(RunContext run, Machine machine, Set<Feature> features) {
        List<String> parts = new ArrayList<>();
        if (!features.contains(Feature.ARTEFACTS)) {
            parts.add("sizes of sub-images, configuration of good builds, environment");
        }
        if (run.request().options().keepOutputs() && !features.contains(Feature.KEEP_OUTPUTS)) {
            parts.add("kept images (-k)");
        }
        List<String> harmless = run.request().options().changes().harmless();
        List<String> words = new ArrayList<>();
        if (!parts.isEmpty()) {
            words.add("results from there lack: " + String.join(", ", parts));
        }
        if (!harmless.isEmpty() && !features.contains(Feature.BUILD_CHANGES)) {
            words.add("it builds without " + String.join(", ", harmless));
        }
        if (features.isEmpty()) {
            run.settings().toolchains().wrapper().ifPresent(wrapper -> words.add("compilers run without " + wrapper));
            if (machine.threads() > 0) {
                words.add("it takes no notice of machines." + machine.name() + ".threads");
            }
        }
        return words.isEmpty() ? "" : "its worker is an existing one; " + String.join("; ", words);
    }

    static Command.BuildPrepare prepare(RunContext run, Machine machine, Set<Feature> features, int slots) {
        boolean fixedJobs = machine.isLocal() && features.contains(Feature.JOBS);
        // An existing worker has the current source checked out, and knows it by an empty list.
        List<String> commits = run.request().current() && features.isEmpty()
                ? List.of()
                : run.request().commits().stream().map(Commit::hash).toList();
        return new Command.BuildPrepare(
                commits, slots, fixedJobs ? run.settings().local().jobs() : 0);
    }

    static Command.BoardSpec spec(RunContext run, Grant grant, Set<Feature> features) {
        boolean whole = grant.commits().size() == run.request().commits().size();
        List<Integer> commits = whole || !features.contains(Feature.COMMIT_SELECTION) ? List.of() : grant.commits();
        String target = grant.board().target();
        List<String> makeFlags =
                features.contains(Feature.MAKE_FLAGS) ? run.settings().makeFlagsOf(grant.board()) : List.of();
        Optional<Board.Base> base = grant.board().base().filter(b -> features.contains(Feature.EXTENDED_BOARDS));
        return new Command.BoardSpec(
                target,
                grant.board().arch(),
                commits,
                makeFlags,
                base.map(Board.Base::target).orElse(""),
                base.map(Board.Base::fragments).orElse(List.of()));
    }

    /** How a worker is told to leave commits. One that is at work is ended only where somebody has its result already. */
    static List<Command> recall(WorkPlan.Recall recall) {
        return recall.begun()
                ? recall.commits().stream()
                        .<Command>map(commit -> new Command.Cancel(recall.board(), commit))
                        .toList()
                : List.of(new Command.TakeBack(recall.board(), recall.commits()));
    }

    /** What a worker can do at once; only from one that knows all that it takes are commits taken back. */
    static Power power(RunContext run, Machine machine, Response.Ready ready, int slots) {
        return new Power(
                ready.nthreads(),
                run.estimates().speed(machine.name()),
                slots,
                WorkerFitness.givesBack(ready.features()));
    }

    /** The same before its worker says it, by the threads that the machine was found to have. */
    static Power expectedPower(RunContext run, Machine machine, int found) {
        int threads = machine.threads() > 0 ? machine.threads() : found;
        return new Power(threads, run.estimates().speed(machine.name()), slots(run, machine, threads), false);
    }

    /** Boards at once: as the user says, else as the worker offers; never more than there are. */
    static int slots(RunContext run, Machine machine, int offered) {
        int own = machine.isLocal() ? run.settings().local().slots() : machine.maxBoards();
        int most = own > 0 ? own : Math.max(1, offered);
        return Math.min(Math.min(most, MAX_SLOTS), run.request().boards().size());
    }

    /** The longest silence about a board: ours repeat their heartbeat, others may be quiet for as long as a board takes. */
    static Duration silence(RunContext run, Set<Feature> features) {
        Settings settings = run.settings();
        Duration limit = settings.boss().boardLimit();
        Duration beats = settings.worker()
                .heartbeatInterval()
                .multipliedBy(settings.boss().missedHeartbeats());
        return features.isEmpty() || limit.compareTo(beats) < 0 ? limit : beats;
    }

    /** What a worker can build and may: by the compilers that it named, or that were found there. */
    static Capability capability(
            RunContext run,
            Machine machine,
            Set<Feature> features,
            HostCompilers own,
            Map<String, Compiler> found,
            Response.ConfigureDone done) {
        CompilerRule rule = new CompilerRule(
                run.settings().toolchains(), own.byArch(), run.rules().setAside(machine.name()));
        if (!features.contains(Feature.TOOLCHAINS)) {
            return rule.unnamed(found);
        }
        Map<String, Compiler> theirs = new HashMap<>();
        done.toolchains().forEach((arch, info) -> theirs.put(arch, info.compiler()));
        Capability.Archs known = rule.capability(theirs);
        return machine.isLocal() ? known.and(Board.HERE) : known;
    }
}
