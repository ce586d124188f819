package dev.buildboss.worker;

import dev.buildboss.BuildbossException;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.exec.Programs;
import dev.buildboss.files.FileTrees;
import dev.buildboss.files.FreeSpace;
import dev.buildboss.git.GitProgram;
import dev.buildboss.git.GitResult;
import dev.buildboss.model.BoardMemory;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Compiler;
import dev.buildboss.protocol.Command.Configure;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response.ToolchainInfo;
import dev.buildboss.recipe.UBootRecipe;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.Recipes;
import dev.buildboss.toolchain.ToolchainCheck;
import dev.buildboss.toolchain.ToolchainSearch;
import dev.buildboss.toolchain.Toolchains;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker has at hand between commands: its work directory, its settings, its compilers.
 *
 * <p>Belongs to the dispatcher's thread, and blocks it; only {@link #close} may be called from another. Failures that the
 * boss is to hear of are {@link BuildbossException}s with the text to answer.
 */
final class Workshop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);
    /** More than a checkout takes that is built with a worker. */
    private static final long PLENTY = 4L << 30;

    private static final Configure DEFAULT =
            new Configure(BuildOptions.DEFAULT, Map.of(), Set.of(), Optional.empty(), Map.of());

    private final WorkerConfig config;
    private final ProcessRunner runner;
    private final GitProgram git;
    private final ToolchainCheck check;
    private final FollowedBoards followed;
    private Path directory;
    private Optional<Path> repository;
    private volatile @Nullable WorkDir workDir;
    private volatile @Nullable Path temporary;
    private final int boardsAtOnce;
    private @Nullable ToolchainSearch search;
    private @Nullable Toolchains toolchains;
    private volatile @Nullable JobSlots slots;
    private Configure configure = DEFAULT;

    Workshop(WorkerConfig config, ProcessRunner runner, FollowedBoards followed) {
        this.followed = followed;
        this.config = config;
        this.runner = runner;
        this.git = new GitProgram(runner, config.settings().worker().gitTimeout());
        this.check = new ToolchainCheck(runner);
        this.directory = config.directory();
        this.repository = config.repository();
        BoardMemory.Offer offer = BoardMemory.offer(
                config.threads(),
                Host.availableMemory(Path.of("/")),
                config.settings().worker().boardMemory());
        offer.notice().ifPresent(LOG::warn);
        this.boardsAtOnce = offer.boards();
    }

    /** Boards at once, where nobody says how many. */
    int boardsAtOnce() {
        return boardsAtOnce;
    }

    /** Takes the work directory's lock, if it is one already; a later {@code setup} may make it one. */
    void takeWorkDir() {
        if (workDir == null) {
            Optional<Path> gitDir = repository
                    .filter(WorkDir::isRepository)
                    .or(() -> WorkDir.repositoryOf(directory))
                    .filter(dir -> Files.isDirectory(directory));
            gitDir.ifPresent(dir -> workDir = take(directory, dir));
        }
    }

    /** Carries out {@code setup}. */
    WorkDir setUp(Optional<String> wanted) {
        Path path;
        try {
            path = wanted.filter(text -> !text.isEmpty()).isPresent() ? expandHome(wanted.get()) : temporaryDirectory();
            Files.createDirectories(path);
        } catch (IOException | InvalidPathException e) {
            throw new BuildbossException("cannot make the work directory " + wanted.orElse("") + ": " + e, e);
        }
        WorkDir before = workDir;
        if (before != null && before.directory().equals(path)) {
            return before;
        }
        if (WorkDir.repositoryOf(path).isEmpty()) {
            GitResult made = git.run(path, "init", "-q", ".");
            if (!made.ok()) {
                throw new BuildbossException("git init failed: " + made.trouble());
            }
        }
        WorkDir taken = take(path, WorkDir.repositoryOf(path).orElse(path.resolve(".git")));
        if (before != null) {
            before.close();
        }
        workDir = taken;
        directory = path;
        repository = Optional.empty();
        return taken;
    }

    private WorkDir take(Path path, Path gitDir) {
        return WorkDir.take(
                path, gitDir, config.boss(), config.settings().worker().lockInterval());
    }

    private Path temporaryDirectory() throws IOException {
        Path known = temporary;
        if (known == null) {
            known = TemporaryDirs.make(Path.of(System.getProperty("java.io.tmpdir")));
            temporary = known;
        }
        return known;
    }

    private static Path expandHome(String text) {
        Path home = Programs.home();
        Path path = text.equals("~") ? home : text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
        return path.toAbsolutePath().normalize();
    }

    /** Carries out {@code configure}: all earlier settings are replaced, for later builds only. */
    void configure(Configure wanted) {
        BuildChanges changes = wanted.options().changes();
        BuildRecipe recipe = recipe(wanted);
        List<String> unsupported = recipe.unsupported(changes);
        if (!unsupported.isEmpty()) {
            throw new BuildbossException(
                    "the recipe " + recipe.name() + " can't follow " + String.join(", ", unsupported));
        }
        if (changes.dtcSkip() && Programs.find("dtc", Programs.searchPath()).isEmpty()) {
            throw new BuildbossException("there is no dtc here to build with (--dtc-skip)");
        }
        String compiler = changes.hostCompiler();
        if (!compiler.isEmpty()
                && Programs.find(compiler, Programs.searchPath()).isEmpty()) {
            throw new BuildbossException("there is no " + compiler + " here to build with (-O)");
        }
        configure = wanted;
        toolchains = null;
    }

    /** Whether the boss named an extension; one that names none must be served to the letter of the base protocol. */
    boolean bossKnowsExtensions() {
        return !configure.features().isEmpty();
    }

    /** The compilers by architecture, if the boss wants to know. */
    Map<String, ToolchainInfo> toolchainInfos() {
        if (!configure.features().contains(Feature.TOOLCHAINS)) {
            return Map.of();
        }
        Map<String, ToolchainInfo> result = new TreeMap<>();
        toolchains().all().forEach((arch, found) -> result.put(arch, info(found.compiler())));
        return result;
    }

    private ToolchainInfo info(Compiler compiler) {
        ToolchainInfo info = ToolchainInfo.of(compiler);
        return configure.features().contains(Feature.COMPILER_IDENTITY)
                ? info
                : new ToolchainInfo(info.gcc(), info.version());
    }

    private Map<String, Compiler> wantedCompilers() {
        Map<String, Compiler> result = new TreeMap<>();
        configure.compilers().forEach((arch, compiler) -> result.put(arch, compiler.compiler()));
        return result;
    }

    private BuildRecipe recipe(Configure wanted) {
        String name = wanted.recipe().orElse(UBootRecipe.NAME);
        return new ContainedRecipe(
                Recipes.get(config.recipes(), name), config.settings().worker().recipeTimeout());
    }

    private Toolchains toolchains() {
        Toolchains known = toolchains;
        if (known == null) {
            ToolchainSearch found = search;
            if (found == null) {
                Path home = Programs.home();
                found = ToolchainSearch.look(config.settings().toolchains(), Programs.searchPath(), home);
                search = found;
            }
            known = new Toolchains(found, check, configure.toolchains(), wantedCompilers());
            toolchains = known;
        }
        return known;
    }

    /**
     * All that a build needs.
     *
     * @throws BuildbossException with the text of the protocol's error table
     */
    BuildSession session(List<String> commits, JobsRule jobs, ResponseSink sink) {
        takeWorkDir();
        WorkDir held = workDir;
        if (held == null || !Files.isDirectory(held.gitDir())) {
            throw new BuildbossException("no work directory set up");
        }
        if (toolchains().isEmpty()) {
            throw new BuildbossException("no toolchains available (run setup first)");
        }
        Worktrees worktrees =
                new Worktrees(git, held, config.settings().worker().worktreeTimeout());
        if (!commits.isEmpty()) {
            worktrees.mend();
        }
        freshLogs(held);
        return new BuildSession(
                commits,
                configure.options(),
                configure.features(),
                recipe(configure),
                configure.recipeSettings(),
                toolchains(),
                jobs,
                jobs.fixed() > 0 ? JobSlots.NONE : slots(held),
                followed,
                new AtomicInteger(),
                held,
                worktrees,
                new ChangedPaths(worktrees),
                runner,
                config.settings().worker(),
                config.settings().protocol().chunk(),
                sink);
    }

    /** The worker's job pool; made when it is first needed, and the same for all that is built here. */
    private JobSlots slots(WorkDir held) {
        JobSlots known = slots;
        if (known == null) {
            Settings.Worker limits = config.settings().worker();
            Optional<Path> hostPool = limits.hostPool().map(Workshop::expandHome);
            known = limits.sharesJobs()
                    ? new JobPoolChoice(held.jobs(), hostPool, config.threads()).choose(System.getenv())
                    : JobSlots.NONE;
            slots = known;
        }
        return known;
    }

    /** Logs are those of one run. */
    private void freshLogs(WorkDir held) {
        try {
            FileTrees.delete(held.logs());
            if (config.settings().worker().keepLogs()) {
                Files.createDirectories(held.logs());
            }
        } catch (IOException e) {
            throw new BuildbossException("cannot make " + held.logs() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Boards at once that there is disk space for, up to a number; fewer come with a notice in the log. The size of a checkout is
     * looked up only where space could be short.
     */
    int roomFor(int wanted, List<String> commits) {
        takeWorkDir();
        WorkDir held = workDir;
        boolean inPlace = configure
                .options()
                .changes()
                .place()
                .flatMap(BuildChanges.BuildPlace::source)
                .isPresent();
        if (held == null || commits.isEmpty() || inPlace) {
            return wanted;
        }
        long free = FreeSpace.of(held.directory());
        long build = config.settings().worker().buildSpace();
        if (free / wanted >= build + PLENTY) {
            return wanted;
        }
        Worktrees worktrees =
                new Worktrees(git, held, config.settings().worker().worktreeTimeout());
        int there = (int) IntStream.range(0, wanted)
                .filter(thread -> Files.exists(worktrees.path(thread).resolve(".git")))
                .count();
        long checkout = DiskNeed.checkoutBytes(git, held.directory(), held.gitDir(), commits.get(0));
        DiskNeed.Prediction prediction = DiskNeed.predict(wanted, there, free, checkout, build);
        prediction.notice().ifPresent(LOG::warn);
        return prediction.slots();
    }

    /** Removes what was temporary and lets the work directory go. */
    @Override
    public void close() {
        JobSlots pool = slots;
        if (pool != null) {
            pool.close();
        }
        WorkDir held = workDir;
        if (held != null) {
            held.close();
        }
        Path made = temporary;
        if (made != null) {
            try {
                FileTrees.delete(made);
            } catch (IOException e) {
                LOG.warn("cannot remove {}: {}", made, e.toString());
            }
        }
    }
}
