package dev.buildboss.settings;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Compiler;
import dev.buildboss.model.Doubts;
import dev.buildboss.model.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All settings, typed; {@code reference.conf} documents each one. Immutable; safe to share between threads.
 *
 * @param recipe the recipe's name
 * @param recipeSettings that recipe's own settings, as text
 * @param recipeJars jars with further recipes, sent along with the worker
 * @param local builds on this computer
 * @param machines every machine of the settings, by name, in the order of the names
 * @param useMachines names of the machines to use; empty: all
 * @param probe when a machine is fit
 * @param ssh how machines are reached
 * @param worker the worker's limits
 * @param boss the boss's limits
 * @param schedule which board goes where
 * @param protocol the wire's limits
 * @param boards how the list of boards is made
 * @param toolchains where compilers are
 * @param fetch compilers from the net
 * @param runtimes Java for machines that have none
 * @param clean what is left on machines
 * @param history how long builds took
 * @param verify whether machines are compared before a run
 * @param build how boards are built; {@code allowMissing} as it is for a single board of the source as it stands
 * @param allowMissing when missing blobs are no errors
 * @param makeFlags further make arguments by target, with all references followed
 */
public record Settings(
        String recipe,
        Map<String, String> recipeSettings,
        List<String> recipeJars,
        Local local,
        Map<String, Machine> machines,
        List<String> useMachines,
        Probe probe,
        Ssh ssh,
        Worker worker,
        Boss boss,
        Schedule schedule,
        Protocol protocol,
        Boards boards,
        Toolchains toolchains,
        Fetch fetch,
        Runtimes runtimes,
        Clean clean,
        History history,
        Verify verify,
        BuildOptions build,
        AllowMissing allowMissing,
        Map<String, List<String>> makeFlags) {

    /** Copies the collections. */
    public Settings {
        requireNonNull(recipe, "recipe");
        recipeSettings = Map.copyOf(recipeSettings);
        recipeJars = List.copyOf(recipeJars);
        useMachines = List.copyOf(useMachines);
        makeFlags = Map.copyOf(makeFlags);
        requireNonNull(machines, "machines");
    }

    /** The defaults of {@code reference.conf}, and nothing of the user's. */
    public static Settings defaults() {
        return of(ConfigFactory.parseResources(Settings.class.getClassLoader(), "reference.conf"));
    }

    /**
     * The settings of a configuration that has the defaults in it or not.
     *
     * @throws dev.buildboss.BuildbossException naming the key, its origin and the nearest right name, if one is wrong
     */
    public static Settings of(Config config) {
        return SettingsReader.read(config);
    }

    /** The settings that a worker needs, as the keys and values of its command line. */
    public Map<String, String> forWorkers() {
        Map<String, String> result = new TreeMap<>();
        result.put("buildboss.worker.heartbeat-interval", ms(worker.heartbeatInterval()));
        result.put("buildboss.worker.git-timeout", ms(worker.gitTimeout()));
        result.put("buildboss.worker.worktree-timeout", ms(worker.worktreeTimeout()));
        result.put("buildboss.worker.make-timeout", ms(worker.makeTimeout()));
        result.put("buildboss.worker.recipe-timeout", ms(worker.recipeTimeout()));
        result.put("buildboss.worker.kill-grace", ms(worker.killGrace()));
        result.put("buildboss.worker.lock-interval", ms(worker.lockInterval()));
        result.put("buildboss.worker.max-output", Long.toString(worker.maxOutput()));
        result.put("buildboss.worker.keep-logs", Boolean.toString(worker.keepLogs()));
        result.put("buildboss.worker.build-space", Long.toString(worker.buildSpace()));
        result.put("buildboss.worker.board-memory", Long.toString(worker.boardMemory()));
        result.put("buildboss.worker.max-artefact", Long.toString(worker.maxArtefact()));
        result.put("buildboss.worker.threads", Integer.toString(worker.threads()));
        result.put("buildboss.worker.jobs", worker.sharesJobs() ? "shared" : "fixed");
        worker.hostPool().ifPresent(pool -> result.put("buildboss.worker.host-pool", ConfigUtil.quoteString(pool)));
        result.put("buildboss.protocol.max-line", Integer.toString(protocol.maxLine()));
        result.put("buildboss.protocol.max-depth", Integer.toString(protocol.maxDepth()));
        result.put("buildboss.protocol.chunk", Integer.toString(protocol.chunk()));
        result.put("buildboss.toolchains.paths", json(toolchains.paths()));
        toolchains
                .wrapper()
                .ifPresent(wrapper -> result.put("buildboss.toolchains.wrapper", ConfigUtil.quoteString(wrapper)));
        toolchains
                .aliases()
                .forEach((arch, names) ->
                        result.put("buildboss.toolchains.aliases." + ConfigUtil.joinPath(arch), json(names)));
        return result;
    }

    /** The make flags of a board; an extended one has those of its base, unless it has its own. */
    public List<String> makeFlagsOf(Board board) {
        List<String> usual = board.base()
                .map(base -> makeFlags.getOrDefault(base.target(), List.of()))
                .orElse(List.of());
        return makeFlags.getOrDefault(board.target(), usual);
    }

    /** The same for a machine's worker, which may have limits of its own. */
    public Map<String, String> forWorkers(Machine machine) {
        Map<String, String> result = new TreeMap<>(forWorkers());
        if (machine.threads() > 0) {
            result.put("buildboss.worker.threads", Integer.toString(machine.threads()));
        }
        return result;
    }

    private static String json(List<String> texts) {
        return ConfigValueFactory.fromIterable(texts).render(ConfigRenderOptions.concise());
    }

    private static String ms(Duration duration) {
        return duration.toMillis() + " ms";
    }

    /** Builds on this computer: {@code slots} boards at once, {@code jobs} for each make (0: chosen). */
    public record Local(boolean enabled, int slots, int jobs) {}

    /**
     * When a machine is fit to build.
     *
     * @param connectTimeout the longest wait for a connection
     * @param timeout the longest look at a machine
     * @param maxLoad load per CPU above which it is busy
     * @param minDiskMib free disk space below which it is not used
     * @param minMemoryMib available memory below which it is not used
     * @param minGit the oldest git that will do
     * @param minMake the oldest make that will do
     * @param maxClockSkew how far its clock may be off before that is noted
     * @param watchInterval how often a watch looks again
     * @param doctorTimeout the longest look of the doctor
     */
    public record Probe(
            Duration connectTimeout,
            Duration timeout,
            double maxLoad,
            long minDiskMib,
            long minMemoryMib,
            String minGit,
            String minMake,
            Duration maxClockSkew,
            Duration watchInterval,
            Duration doctorTimeout) {}

    /**
     * How machines are reached.
     *
     * @param transport {@code jsch} or {@code ssh}
     * @param configFile the ssh configuration file; empty: the user's own
     * @param program the ssh program
     * @param connectTimeout the longest wait for a connection
     * @param keepaliveInterval silence after which a sign of life is asked for
     * @param keepaliveCount how many may stay unanswered
     * @param strictHostKeys whether unknown host keys are refused
     * @param maxConnecting connections to one host in the making at once
     * @param connectAttempts how often a server is asked that turns connections away
     * @param pushTimeout the longest push
     * @param pushWith {@code auto}, {@code git} or {@code jgit}
     * @param installTimeout the longest transfer of the worker
     * @param lockGrace how old an existing boss's lock must be before what works there tells whether it is held
     * @param lockAge how old another user's lock must be before it counts as left behind
     */
    public record Ssh(
            String transport,
            Optional<String> configFile,
            String program,
            Duration connectTimeout,
            Duration keepaliveInterval,
            int keepaliveCount,
            boolean strictHostKeys,
            int maxConnecting,
            int connectAttempts,
            Duration pushTimeout,
            String pushWith,
            Duration installTimeout,
            Duration lockGrace,
            Duration lockAge) {}

    /**
     * The worker's limits; sizes in bytes; a {@code makeTimeout} of zero is none.
     *
     * @param sharesJobs whether all makes share one job pool; else each has a fixed number of jobs
     * @param hostPool the directory of a pool that other workers of the host share too; empty: none
     */
    public record Worker(
            int threads,
            boolean sharesJobs,
            Optional<String> hostPool,
            Duration heartbeatInterval,
            Duration gitTimeout,
            Duration worktreeTimeout,
            long maxOutput,
            boolean keepLogs,
            Duration makeTimeout,
            Duration killGrace,
            long buildSpace,
            long boardMemory,
            long maxArtefact,
            Duration lockInterval,
            Duration recipeTimeout) {}

    /** The boss's limits. */
    public record Boss(
            Duration readyTimeout,
            Duration setupTimeout,
            Duration boardLimit,
            Duration quitTimeout,
            int missedHeartbeats,
            int maxAttempts,
            int poisonAfter,
            int maxFailures,
            int maxReconnects,
            Duration reconnectDelay,
            Duration maxDelay,
            int eventBuffer,
            long maxLog,
            Busy busy,
            Doubts confirmFailures) {}

    /**
     * What is done about a machine whose work directory another boss has.
     *
     * @param waits whether it is asked again
     * @param patience for how long
     * @param interval how often
     */
    public record Busy(boolean waits, Duration patience, Duration interval) {}

    /** How the list of boards is made: whether by U-Boot's own tool, and how long that may take. */
    public record Boards(boolean generator, Duration generatorTimeout) {}

    /** The wire's limits, sizes in bytes. */
    public record Protocol(int maxLine, int maxDepth, int chunk, long maxCell) {}

    /**
     * Where compilers are.
     *
     * @param paths directories to search besides PATH's
     * @param prefixes architecture to prefix
     * @param aliases architecture to other names for it, best first
     * @param wrapper what runs the compiler, such as {@code ccache}: a program and its arguments, put before
     *     {@code CROSS_COMPILE}
     * @param require how much alike machines' compilers and this computer's must be
     */
    public record Toolchains(
            List<String> paths,
            Map<String, String> prefixes,
            Map<String, List<String>> aliases,
            Optional<String> wrapper,
            Compiler.Likeness require) {
        /** Copies the collections. */
        public Toolchains {
            paths = List.copyOf(paths);
            prefixes = Map.copyOf(prefixes);
            aliases = Map.copyOf(aliases);
            requireNonNull(wrapper, "wrapper");
            requireNonNull(require, "require");
        }

        /** With identical compilers required. */
        public Toolchains(
                List<String> paths,
                Map<String, String> prefixes,
                Map<String, List<String>> aliases,
                Optional<String> wrapper) {
            this(paths, prefixes, aliases, wrapper, Compiler.Likeness.IDENTICAL);
        }

        /** Without a wrapper. */
        public Toolchains(List<String> paths, Map<String, String> prefixes, Map<String, List<String>> aliases) {
            this(paths, prefixes, aliases, Optional.empty());
        }
    }

    /**
     * When missing external blobs are no errors.
     *
     * @param always in each build
     * @param multiple where more boards than one are built
     * @param branch where a branch is built
     */
    public record AllowMissing(boolean always, boolean multiple, boolean branch) {
        /** Whether they are none in a build of so many boards, of a branch or not. */
        public boolean in(int boards, boolean ofBranch) {
            return always || (multiple && boards > 1) || (branch && ofBranch);
        }
    }

    /**
     * Compilers from the net.
     *
     * @param directory where they are put, here and on machines; {@code ~} is the home there
     * @param url the top of the tree that they are fetched from
     * @param version their version; empty: the newest
     * @param verify whether an archive without a published checksum is refused
     * @param stallTimeout the longest wait for a connection or a byte
     * @param attempts connections that may break off
     * @param sendTimeout the longest transfer to a machine
     * @param maxArchive the largest archive, in bytes
     * @param maxUnpacked the most unpacked, in bytes
     * @param maxMembers the most files in one
     */
    public record Fetch(
            String directory,
            String url,
            Optional<String> version,
            boolean verify,
            Duration stallTimeout,
            int attempts,
            Duration sendTimeout,
            long maxArchive,
            long maxUnpacked,
            int maxMembers) {}

    /**
     * Java for machines that have none.
     *
     * @param ship whether it is sent
     * @param directory prepared runtimes by {@code <os>-<arch>}
     * @param modules what one that is made here has
     * @param makeTimeout the longest making
     * @param places where a machine's own Java is looked for
     */
    public record Runtimes(
            boolean ship, String directory, List<String> modules, Duration makeTimeout, List<String> places) {
        /** Copies the lists. */
        public Runtimes {
            modules = List.copyOf(modules);
            places = List.copyOf(places);
        }
    }

    /** Which board goes where: by predicted finish or first come, and whether boards are split and cells built twice. */
    public record Schedule(boolean predicts, boolean split, boolean hedge) {}

    /** What is left on machines: {@code olderThan} is how long nobody may have used what is removed. */
    public record Clean(Duration olderThan, Duration timeout) {}

    /**
     * How long builds took: whether that is kept, in which file ({@code ~} is the user's home), for how long, and how long another boss
     * that writes to it is waited for.
     */
    public record History(boolean enabled, String file, Duration keep, Duration busyTimeout) {}

    /** Whether machines' images of one board are compared before a run, and of which; empty: the first that builds. */
    public record Verify(boolean machines, Optional<String> board) {}
}
