package dev.buildboss.protocol;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.BuildOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a boss says to a worker: one JSON object a line, told apart by its {@code cmd}. */
public sealed interface Command {

    /**
     * Asks for a work directory; a worker that gets none makes a temporary one.
     *
     * @param workDir the directory, or empty for a temporary one
     */
    record Setup(Optional<String> workDir) implements Command {
        /** Checks the parts. */
        public Setup {
            requireNonNull(workDir, "workDir");
        }
    }

    /**
     * Replaces all earlier settings, for later builds only.
     *
     * @param options the {@code settings} object
     * @param toolchains architecture to compiler path; {@code ~} is the worker's home
     * @param features the extensions that the boss understands ({@code features}; unknown names are left out)
     * @param recipe the recipe to build with (extension {@link Feature#RECIPE}); empty: {@code u-boot}
     * @param recipeSettings that recipe's own settings (extension {@link Feature#RECIPE})
     * @param compilers what the boss has for an architecture (extension {@link Feature#COMPILER_IDENTITY}): of several that the
     *     worker has, the same one is to be taken
     */
    record Configure(
            BuildOptions options,
            Map<String, String> toolchains,
            Set<Feature> features,
            Optional<String> recipe,
            Map<String, String> recipeSettings,
            Map<String, Response.ToolchainInfo> compilers)
            implements Command {
        /** Copies the collections. */
        public Configure {
            requireNonNull(options, "options");
            toolchains = Map.copyOf(toolchains);
            features = Set.copyOf(features);
            requireNonNull(recipe, "recipe");
            recipeSettings = Map.copyOf(recipeSettings);
            compilers = Map.copyOf(compilers);
        }

        /** Without a word about the boss's own compilers. */
        public Configure(
                BuildOptions options,
                Map<String, String> toolchains,
                Set<Feature> features,
                Optional<String> recipe,
                Map<String, String> recipeSettings) {
            this(options, toolchains, features, recipe, recipeSettings, Map.of());
        }
    }

    /**
     * Builds all the boards (batch flow).
     *
     * @param boards what to build; may be empty on the wire, which the worker answers with an error
     * @param commits hashes in order; empty: the source as it stands
     */
    record BuildBoards(List<BoardSpec> boards, List<String> commits) implements Command {
        /** Copies the lists. */
        public BuildBoards {
            boards = List.copyOf(boards);
            commits = List.copyOf(commits);
        }
    }

    /**
     * Makes worktrees ready for boards that come one by one (demand flow).
     *
     * @param commits hashes in order; empty: the source as it stands
     * @param maxBoards boards at once; 0: the worker's thread count
     * @param jobs make's {@code -j} for every board (extension {@link Feature#JOBS}); 0: the worker's own rule
     */
    record BuildPrepare(List<String> commits, int maxBoards, int jobs) implements Command {
        /** Copies the list. */
        public BuildPrepare {
            commits = List.copyOf(commits);
        }
    }

    /** Builds one more board (demand flow). */
    record BuildBoard(BoardSpec spec) implements Command {
        /** Checks the parts. */
        public BuildBoard {
            requireNonNull(spec, "spec");
        }
    }

    /** Waits for all queued boards, then ends the builder. */
    record BuildDone() implements Command {}

    /**
     * Asks for a {@link Response.Pong} (extension {@link Feature#PING}). The worker acts on it as it reads it, whatever it is at,
     * and ends itself when it hears nothing for too long after it.
     *
     * @param everyMs in how many milliseconds the next one follows; 0: the worker's own {@code worker.heartbeat-interval}
     */
    record Ping(int everyMs) implements Command {
        /** Checks the part. */
        public Ping {
            if (everyMs < 0) {
                throw new IllegalArgumentException("everyMs: " + everyMs);
            }
        }
    }

    /**
     * Asks for the output of a board's makes as they run (extension {@link Feature#FOLLOW}), what is kept of the make under way
     * included; acted on as it is read.
     *
     * @param board the target name
     * @param watchers how many people follow it; 0: nobody any more
     */
    record Follow(String board, int watchers) implements Command {
        /** Checks the parts. */
        public Follow {
            requireNonNull(board, "board");
            if (watchers < 0) {
                throw new IllegalArgumentException("watchers: " + watchers);
            }
        }
    }

    /**
     * Asks for commits of a board that the worker has (extension {@link Feature#TAKE_BACK}); acted on at once, whatever the worker
     * is at. Those of them that have not begun are given back ({@link Response.GivenBack}), the others are built and answered.
     *
     * @param board the target name
     * @param commits indexes into the list that was sent
     */
    record TakeBack(String board, List<Integer> commits) implements Command {
        /** Copies the list. */
        public TakeBack {
            requireNonNull(board, "board");
            commits = List.copyOf(commits);
        }
    }

    /**
     * Ends the build of a cell, as nobody waits for it any more (extension {@link Feature#CANCEL}); acted on at once. The cell is
     * given back ({@link Response.GivenBack}), unless its result is on its way already.
     *
     * @param board the target name
     * @param commitUpto index into the list that was sent
     */
    record Cancel(String board, int commitUpto) implements Command {
        /** Checks the parts. */
        public Cancel {
            requireNonNull(board, "board");
            if (commitUpto < 0) {
                throw new IllegalArgumentException("commitUpto: " + commitUpto);
            }
        }
    }

    /** Ends the worker. */
    record Quit() implements Command {}

    /**
     * One board as a command names it.
     *
     * @param board the target name
     * @param arch the architecture; may be empty
     * @param commits the indexes to build, ascending (extension {@link Feature#COMMIT_SELECTION}); empty: all
     * @param makeFlags further arguments for each of its makes, from the user's {@code [make-flags]} (extension
     *     {@link Feature#MAKE_FLAGS})
     * @param defconfig the board whose configuration it begins with (extension {@link Feature#EXTENDED_BOARDS}); empty: its own
     * @param fragments what is added to that, in order (the same extension)
     */
    record BoardSpec(
            String board,
            String arch,
            List<Integer> commits,
            List<String> makeFlags,
            String defconfig,
            List<String> fragments) {
        /** Copies the lists. */
        public BoardSpec {
            requireNonNull(board, "board");
            requireNonNull(arch, "arch");
            commits = List.copyOf(commits);
            makeFlags = List.copyOf(makeFlags);
            requireNonNull(defconfig, "defconfig");
            fragments = List.copyOf(fragments);
        }

        /** A board with a configuration of its own. */
        public BoardSpec(String board, String arch, List<Integer> commits, List<String> makeFlags) {
            this(board, arch, commits, makeFlags, "", List.of());
        }
    }
}
