package dev.buildboss;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Commit;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A matrix to build: boards × commits of one repository, and where the results go.
 *
 * @param gitDir the git directory that holds the commits (a {@code .git}, a bare repository, or a worktree's own)
 * @param boards what to build, each target once
 * @param commits the series, oldest first; for the source as it stands, one commit made of it with {@code current} set
 * @param current whether the one commit is the source as it stands: results then have no commit level
 * @param outputDir the directory of this series' results (branch level included)
 * @param options what changes how boards are built
 * @param rebuild which cells are built again although a result is there
 * @param obsolete full hashes that the branch no longer reaches: their result directories are removed
 * @param dryRun plan only: nothing is started and nothing is written
 * @param followDebug whether workers write their debug lines
 */
public record BuildRequest(
        Path gitDir,
        List<Board> boards,
        List<Commit> commits,
        boolean current,
        Path outputDir,
        BuildOptions options,
        Rebuild rebuild,
        Set<String> obsolete,
        boolean dryRun,
        boolean followDebug) {

    /** Which cells are built although they have a result. */
    public enum Rebuild {
        /** Only those that have none. */
        MISSING,
        /** Those that failed or warned too ({@code -F}). */
        FAILED,
        /** All ({@code -f}). */
        ALL
    }

    /** Refuses a matrix that is empty or names a board twice. */
    public BuildRequest {
        requireNonNull(gitDir, "gitDir");
        boards = List.copyOf(boards);
        commits = List.copyOf(commits);
        requireNonNull(outputDir, "outputDir");
        requireNonNull(options, "options");
        requireNonNull(rebuild, "rebuild");
        obsolete = Set.copyOf(obsolete);
        if (boards.isEmpty()) {
            throw new IllegalArgumentException("no boards to build");
        }
        if (commits.isEmpty()) {
            throw new IllegalArgumentException("no commits to build");
        }
        if (current && commits.size() != 1) {
            throw new IllegalArgumentException("the current source is one commit, not " + commits.size());
        }
        Set<String> seen = new HashSet<>();
        for (Board board : boards) {
            if (!seen.add(board.target())) {
                throw new IllegalArgumentException("board " + board.target() + " is named twice");
            }
        }
    }

    /** Boards × commits with the defaults: only what has no result yet is built. */
    public static BuildRequest of(Path gitDir, List<Board> boards, List<Commit> commits, Path outputDir) {
        return new BuildRequest(
                gitDir,
                boards,
                commits,
                false,
                outputDir,
                BuildOptions.DEFAULT,
                Rebuild.MISSING,
                Set.of(),
                false,
                false);
    }

    /** The same with its boards in another order. */
    public BuildRequest withBoards(List<Board> newBoards) {
        return new BuildRequest(
                gitDir, newBoards, commits, current, outputDir, options, rebuild, obsolete, dryRun, followDebug);
    }

    /** The same with other options. */
    public BuildRequest withOptions(BuildOptions newOptions) {
        return new BuildRequest(
                gitDir, boards, commits, current, outputDir, newOptions, rebuild, obsolete, dryRun, followDebug);
    }

    /** The same with another rule for what is built again. */
    public BuildRequest withRebuild(Rebuild newRebuild) {
        return new BuildRequest(
                gitDir, boards, commits, current, outputDir, options, newRebuild, obsolete, dryRun, followDebug);
    }

    /** The commit at an index of the series; empty if there is none. */
    public Optional<Commit> commit(int index) {
        return index >= 0 && index < commits.size() ? Optional.of(commits.get(index)) : Optional.empty();
    }

    /** How many cells the matrix has. */
    public int cells() {
        return Math.multiplyExact(boards.size(), commits.size());
    }
}
