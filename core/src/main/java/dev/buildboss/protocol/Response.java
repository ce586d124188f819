package dev.buildboss.protocol;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Compiler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/** What a worker says to its boss: one line {@code BM> } and a JSON object, told apart by its {@code resp}. */
public sealed interface Response {

    /**
     * The worker can take commands.
     *
     * @param nthreads CPU threads that the worker may use
     * @param slots boards that it would take at once
     * @param protocol 2 for a worker of this project, 1 where the key is missing
     * @param features the extensions that it offers (unknown names are left out)
     * @param version the worker's own version, for messages; empty where it is missing
     */
    record Ready(int nthreads, int slots, int protocol, Set<Feature> features, String version) implements Response {
        /** Copies the set. */
        public Ready {
            features = Set.copyOf(features);
            requireNonNull(version, "version");
        }
    }

    /** The work directory is there. */
    record SetupDone(String workDir, String gitDir) implements Response {}

    /**
     * The settings are taken.
     *
     * @param toolchains what the worker would build each architecture with (extension {@link Feature#TOOLCHAINS})
     */
    record ConfigureDone(Map<String, ToolchainInfo> toolchains) implements Response {
        /** Copies the map. */
        public ConfigureDone {
            toolchains = Map.copyOf(toolchains);
        }
    }

    /** Worktrees are about to be made. */
    record BuildStarted(int numThreads) implements Response {}

    /** One worktree is there. */
    record WorktreeCreated(int thread) implements Response {}

    /** Boards may be sent. */
    record BuildPrepareDone() implements Response {}

    /** A build thread is at work on a board. */
    record Heartbeat(String board, int thread) implements Response {}

    /**
     * One piece of a file of a cell's result directory (extension {@link Feature#ARTEFACTS}); all pieces of all files
     * come before the cell's {@link BuildResult}, in order, files one after the other.
     *
     * @param board the target name
     * @param commitUpto the commit's index in the list that was sent
     * @param name the file's name in the result directory; {@code log} and {@code err} replace the texts of the result
     * @param data at most 64 KiB (base64 on the wire)
     * @param last whether the file is complete with this piece
     */
    record Artefact(String board, int commitUpto, String name, ByteString data, boolean last) implements Response {}

    /**
     * One cell's result.
     *
     * @param board the target name
     * @param commitUpto the commit's index in the list that was sent
     * @param returnCode make's exit status
     * @param stdout make's standard output
     * @param stderr make's standard error, worktree paths cut
     * @param loadAvg the machine's 1-minute load; 0.0 if unknown
     * @param sizes the section table that binutils print, less its header line, on success
     * @param config configuration files by name, on failure
     * @param lines the source-line manifest
     * @param notBuilt why there is no verdict on the source (extension {@link Feature#NOT_BUILT}): the wire name of a
     *     {@link dev.buildboss.model.CellOutcome.Reason}, lower case with {@code _}
     * @param files small text files of the cell's result directory by name (extension {@link Feature#ARTEFACTS}): a line
     *     of its own for each would cost more than they do
     * @param times how long it took (extension {@link Feature#TIMES})
     */
    record BuildResult(
            String board,
            int commitUpto,
            int returnCode,
            String stdout,
            String stderr,
            double loadAvg,
            Optional<String> sizes,
            Map<String, String> config,
            Optional<String> lines,
            Optional<String> notBuilt,
            Map<String, String> files,
            Optional<Times> times)
            implements Response {
        /** Without times. */
        public BuildResult(
                String board,
                int commitUpto,
                int returnCode,
                String stdout,
                String stderr,
                double loadAvg,
                Optional<String> sizes,
                Map<String, String> config,
                Optional<String> lines,
                Optional<String> notBuilt,
                Map<String, String> files) {
            this(
                    board,
                    commitUpto,
                    returnCode,
                    stdout,
                    stderr,
                    loadAvg,
                    sizes,
                    config,
                    lines,
                    notBuilt,
                    files,
                    Optional.empty());
        }

        /** Copies the maps. */
        public BuildResult {
            requireNonNull(board, "board");
            config = Map.copyOf(config);
            files = Map.copyOf(files);
            requireNonNull(times, "times");
        }
    }

    /**
     * How long a cell's commands ran, all attempts together; the rest of its time was its checkout, waiting and sending.
     *
     * @param configureMs those that configure
     * @param buildMs those that build
     * @param cpuMs CPU time of both, with all that they waited for; 0: not known
     */
    record Times(long configureMs, long buildMs, long cpuMs) {
        /** Checks the numbers. */
        public Times {
            if (configureMs < 0 || buildMs < 0 || cpuMs < 0) {
                throw new IllegalArgumentException(
                        "times of " + configureMs + " and " + buildMs + " ms, " + cpuMs + " ms of CPU");
            }
        }
    }

    /** All queued boards are through. */
    record BuildDone(int exceptions) implements Response {}

    /** A command could not be done; the worker goes on. */
    record Refusal(String msg) implements Response {

        private static final String BUSY = "BUSY: ";

        /** The text for something that somebody else has. */
        public static String busy(String what, String by) {
            return BUSY + what + " is in use by " + by;
        }

        /** What is in use and by whom, if that is why; a worker that says so in place of {@code ready} may be asked later. */
        public Optional<String> busy() {
            return msg.startsWith(BUSY) ? Optional.of(msg.substring(BUSY.length())) : Optional.empty();
        }
    }

    /**
     * What the make of a board said just now, that somebody follows (extension {@link Feature#FOLLOW}).
     *
     * @param board the target name
     * @param commitUpto the commit's index in the list that was sent
     * @param text a piece of its output, stdout and stderr as they come, cut anywhere
     */
    record Log(String board, int commitUpto, String text) implements Response {}

    /**
     * Commits of a board that the worker will not build (extensions {@link Feature#TAKE_BACK} and {@link Feature#CANCEL}): no
     * result of theirs follows.
     *
     * @param board the target name
     * @param commits indexes into the list that was sent, ascending; empty: all that it was asked for had begun
     */
    record GivenBack(String board, List<Integer> commits) implements Response {
        /** Copies the list. */
        public GivenBack {
            requireNonNull(board, "board");
            commits = List.copyOf(commits);
        }
    }

    /** Answers a {@link Command.Ping} (extension {@link Feature#PING}). */
    record Pong() implements Response {}

    /** The last line ever sent. */
    record QuitAck() implements Response {}

    /**
     * A compiler as the worker sees it.
     *
     * @param gcc the compiler's path there
     * @param version what {@code gcc -dumpfullversion} says, with the target ({@code -dumpmachine}) after a space
     * @param identity tells builds of that version apart (extension {@link Feature#COMPILER_IDENTITY}); empty: not said
     */
    record ToolchainInfo(String gcc, String version, String identity) {
        /** Without an identity. */
        public ToolchainInfo(String gcc, String version) {
            this(gcc, version, "");
        }

        /** As a compiler to compare. */
        public Compiler compiler() {
            String[] parts = version.split(" ", 2);
            return new Compiler(gcc, parts[0], parts.length > 1 ? parts[1] : "", identity);
        }

        /** What a compiler says of itself on the wire. */
        public static ToolchainInfo of(Compiler compiler) {
            return new ToolchainInfo(compiler.path(), compiler.name(), compiler.identity());
        }
    }
}
