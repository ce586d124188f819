package dev.buildboss.worker;

import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildChanges.BuildPlace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where one thread builds a board: usually its worktree, with {@code build} in it for the output.
 *
 * @param session the run's settings
 * @param thread the build thread
 * @param board the board
 */
record BuildPlaces(BuildSession session, int thread, String board) {

    /** The output directory of a worktree; Kbuild trees ignore its name and that of {@link #BOARDS}. */
    static final String OUTPUT = "build";

    /** The output directories of a worktree, one a board ({@code -P}). */
    static final String BOARDS = "build-boards";

    /** A comma in a path means something to make. */
    private static final Pattern UNSAFE = Pattern.compile("^\\.|[^A-Za-z0-9_.+-]");

    Path source() {
        Optional<Path> own = place().flatMap(BuildPlace::source).map(Path::of);
        Path usual = session.isCurrentSource() ? session.workDir().directory() : worktree();
        return own.orElse(usual);
    }

    Path output() {
        BuildChanges changes = session.options().changes();
        if (changes.inTree()) {
            return source();
        }
        Path usual = changes.perBoardOutput()
                ? worktree().resolve(BOARDS).resolve(UNSAFE.matcher(board).replaceAll("_"))
                : worktree().resolve(OUTPUT);
        return place().map(own -> Path.of(own.output())).orElse(usual);
    }

    /** Whether the output directory is the worker's, with nothing in it but what was built. */
    boolean isOutputOwn() {
        return !session.options().changes().inTree() && place().isEmpty();
    }

    private Path worktree() {
        return session.worktrees().path(thread);
    }

    private Optional<BuildPlace> place() {
        return session.options().changes().place();
    }
}
