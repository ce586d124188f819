package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildbossException;
import dev.buildboss.files.FileTrees;
import dev.buildboss.git.GitProgram;
import dev.buildboss.git.GitResult;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.recipe.UBootRecipe;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The worktrees of one work directory: {@code .bm-work/NN}, one a build thread.
 *
 * <p>A worker that was killed leaves locks, half a checkout, entries without directories: all of that is mended here, and
 * only what is ours is touched. Blocks; {@link #make} may be called side by side for different threads.
 */
final class Worktrees {
    private static final Pattern NUMBER = Pattern.compile("\\d{2,}");

    /** Beside a worktree: the recipe that built there last; without one, as earlier workers left it, U-Boot's. */
    private static final String RECIPE_MARK = ".recipe";

    /** Where a repository has the entries of its worktrees. */
    private static final String ENTRIES = "worktrees";

    /** After that an entry that somebody was just making is looked at again, and then after twice as long, up to the last one. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private static final Duration LAST_PAUSE = Duration.ofSeconds(2);

    private final Object adding = new Object();
    private final GitProgram git;
    private final Path workDir;
    private final Path gitDir;
    private final Path root;
    private final Duration checkoutLimit;

    Worktrees(GitProgram git, WorkDir workDir, Duration checkoutLimit) {
        this.git = git;
        this.workDir = workDir.directory();
        this.gitDir = workDir.gitDir();
        this.root = this.workDir.resolve(WorkDir.WORKTREES);
        this.checkoutLimit = checkoutLimit;
    }

    /** The directory of a thread's worktree. */
    Path path(int thread) {
        return root.resolve(String.format("%02d", thread));
    }

    /** Removes what a killed worker left in the repository; to be called before the first {@link #make}. */
    void mend() {
        try {
            Files.deleteIfExists(gitDir.resolve("index.lock"));
            Files.deleteIfExists(gitDir.resolve("HEAD.lock"));
            for (Path entry : entries()) {
                if (isOurs(entry)) {
                    removeLocks(entry);
                    if (!isWhole(entry)) {
                        FileTrees.delete(entry);
                    }
                }
            }
        } catch (IOException e) {
            throw new BuildbossException("cannot clean up in " + gitDir + ": " + e, e);
        }
    }

    private static void removeLocks(Path entry) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(entry, "*.lock")) {
            for (Path lock : locks) {
                Files.deleteIfExists(lock);
            }
        }
    }

    /**
     * A worktree entry whose directory is there and knows of it. An entry without content in {@code commondir}, as a git that was
     * killed leaves it, makes every later {@code git worktree} fail, and {@code git worktree prune} with it.
     */
    private static boolean isWhole(Path entry) {
        Optional<Path> gitFile = directoryOf(entry);
        return gitFile.isPresent()
                && hasText(entry.resolve("HEAD"))
                && hasText(entry.resolve("commondir"))
                && GitFile.target(gitFile.get())
                        .filter(back -> sameFile(back, entry))
                        .isPresent();
    }

    private static boolean hasText(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<Path> entries() throws IOException {
        Path worktrees = gitDir.resolve(ENTRIES);
        List<Path> result = new ArrayList<>();
        if (Files.isDirectory(worktrees)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(worktrees)) {
                entries.forEach(result::add);
            }
        }
        return result;
    }

    /**
     * Whether an entry is for a directory of ours; the user's are not ours to touch. One that does not tell its directory any more
     * is ours if it has a number for a name, as git names the entries of ours.
     */
    private boolean isOurs(Path entry) {
        Optional<Path> gitFile = directoryOf(entry);
        return gitFile.isPresent()
                ? gitFile.get().startsWith(root) || gitFile.get().startsWith(realRoot())
                : NUMBER.matcher(entry.getFileName().toString()).matches();
    }

    private Path realRoot() {
        try {
            return root.toRealPath();
        } catch (IOException e) {
            return root;
        }
    }

    /** The {@code .git} file that an entry of the repository names. */
    private static Optional<Path> directoryOf(Path entry) {
        try {
            String text = Files.readString(entry.resolve("gitdir"), UTF_8).strip();
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(entry.resolve(text).normalize());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean sameFile(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Makes a thread's worktree, or takes the one that is there if it is sound.
     *
     * @param commits what will be built: one of them is checked out to begin with
     * @return the trouble in one line; empty: it is there
     */
    Optional<String> make(int thread, List<String> commits) {
        Path path = path(thread);
        try {
            if (isSound(path)) {
                return Optional.empty();
            }
            Files.createDirectories(root);
            GitResult added = add(path, firstKnown(commits));
            return added.ok() ? Optional.empty() : Optional.of(added.trouble());
        } catch (IOException e) {
            return Optional.of("cannot make the worktree " + path + ": " + e);
        }
    }

    /**
     * Adds one in place of what is there. git looks through all entries meanwhile, and fails at one that another git is just making or
     * removing: ours go one by one, and for those of other workers and people it tries again. An entry is a matter of milliseconds; what
     * takes long, the checkouts, go side by side.
     */
    private GitResult add(Path path, String commit) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--git-dir=" + gitDir, "worktree", "add"));
        arguments.addAll(List.of("-f", "--no-checkout", "--detach", path.toString(), commit));
        synchronized (adding) {
            Duration pause = FIRST_PAUSE;
            while (true) {
                GitFile.target(path.resolve(".git"))
                        .filter(this::isEntry)
                        .filter(this::isOurs)
                        .ifPresent(Worktrees::removeQuietly);
                FileTrees.delete(path);
                GitResult added = git.run(workDir, checkoutLimit, arguments);
                boolean again = !added.ok() && added.trouble().contains(ENTRIES + "/");
                if (!again || pause.compareTo(LAST_PAUSE) > 0) {
                    return added;
                }
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2);
            }
        }
    }

    /** A worktree of this repository at that very place: not a link to one, and not a copy of another's {@code .git}. */
    private boolean isSound(Path path) {
        Path gitFile = path.resolve(".git");
        Optional<Path> entry = GitFile.target(gitFile).filter(this::isEntry);
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && entry.isPresent()
                && isWhole(entry.get())
                && directoryOf(entry.get())
                        .filter(own -> sameFile(own, gitFile))
                        .isPresent()
                && git.run(path, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
                        .ok();
    }

    private boolean isEntry(Path entry) {
        Path parent = entry.getParent();
        return parent != null && Files.isDirectory(entry) && sameFile(parent, gitDir.resolve(ENTRIES));
    }

    private static void removeQuietly(Path entry) {
        try {
            FileTrees.delete(entry);
        } catch (IOException e) {
            // git worktree add -f takes over what is left.
        }
    }

    /** A worktree needs some commit to begin with; which one doesn't matter, as each build checks out its own. */
    private String firstKnown(List<String> commits) {
        for (String commit : commits) {
            if (GitProgram.isRevision(commit)
                    && git.run(workDir, "--git-dir=" + gitDir, "cat-file", "-e", commit + "^{commit}")
                            .ok()) {
                return commit;
            }
        }
        return "HEAD";
    }

    /**
     * Checks a commit out, over whatever is there.
     *
     * @return the trouble in one line; empty: it is there
     */
    Optional<String> checkOut(int thread, String commit) {
        if (!GitProgram.isRevision(commit)) {
            return Optional.of("not a commit: " + commit);
        }
        Path path = path(thread);
        Optional<Path> entry = GitFile.target(path.resolve(".git"));
        if (entry.isEmpty()) {
            return Optional.of("the worktree " + path + " is gone");
        }
        try {
            Files.deleteIfExists(entry.get().resolve("index.lock"));
        } catch (IOException e) {
            return Optional.of("cannot remove a stale lock: " + e);
        }
        List<String> checkout = List.of("checkout", "-q", "-f", "--detach", commit, "--");
        GitResult done = git.run(path, checkoutLimit, checkout);
        if (!done.ok() && done.trouble().contains("index file")) {
            removeQuietly(entry.get().resolve("index")); // torn, as a power cut leaves it; git makes another
            done = git.run(path, checkoutLimit, checkout);
        }
        return done.ok() ? Optional.empty() : Optional.of(done.trouble());
    }

    /**
     * Removes what earlier builds left in a thread's worktree and would be in the way: all of it where the user builds anew
     * ({@code -f}) and where another recipe built, and an earlier build in the tree, beside which no other can be.
     *
     * @param recipe the recipe that is going to build there
     * @return the trouble in one line; empty: none
     */
    Optional<String> clean(int thread, BuildOptions options, String recipe) {
        Path path = path(thread);
        Path mark = path.resolveSibling(path.getFileName() + RECIPE_MARK);
        boolean another;
        try {
            another = !recipe.equals(Files.exists(mark) ? Files.readString(mark, UTF_8) : UBootRecipe.NAME);
            if (another) {
                Files.createDirectories(root);
                Files.writeString(mark, "nobody yet"); // until all is clean: a worker may be killed in the middle
            }
        } catch (IOException e) {
            return Optional.of("cannot read " + mark + ": " + e);
        }
        Optional<String> trouble = clean(path, options, another);
        try {
            if (another && trouble.isEmpty()) {
                Files.writeString(mark, recipe);
            }
        } catch (IOException e) {
            return Optional.of("cannot write " + mark + ": " + e);
        }
        return trouble;
    }

    private Optional<String> clean(Path path, BuildOptions options, boolean another) {
        boolean builtInTree =
                Files.exists(path.resolve(".config")) || Files.isDirectory(path.resolve("include/config"));
        List<String> command = new ArrayList<>(List.of("clean", "-q", "-f", "-f", "-d", "-x"));
        if (!options.forceBuild() && !another) {
            if (!builtInTree || options.changes().inTree()) {
                return Optional.empty();
            }
            command.addAll(List.of("-e", "/" + BuildPlaces.OUTPUT + "/", "-e", "/" + BuildPlaces.BOARDS + "/"));
        }
        GitResult done = git.run(path, checkoutLimit, command);
        return done.ok() ? Optional.empty() : Optional.of(done.trouble());
    }

    /** The paths that differ between two commits; empty: that can't be told. */
    Optional<List<String>> changedPaths(String from, String to) {
        GitResult diff =
                git.run(workDir, "--git-dir=" + gitDir, "diff-tree", "-r", "--name-only", "--no-renames", from, to);
        return diff.ok() ? Optional.of(List.of(diff.out().split("\n", -1))) : Optional.empty();
    }
}
