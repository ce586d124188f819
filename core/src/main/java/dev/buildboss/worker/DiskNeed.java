package dev.buildboss.worker;

import dev.buildboss.git.GitProgram;
import dev.buildboss.git.GitResult;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How many boards at once there is disk space for, told before any of it is used: a board at once is a worktree, which is a checkout
 * and what a build writes beside it.
 */
final class DiskNeed {
    private static final long MIB = 1 << 20;
    /** What a file takes at least, and in steps of: the block of most file systems. */
    private static final long BLOCK = 4096;

    private DiskNeed() {}

    /**
     * What was found out.
     *
     * @param slots boards at once, at least 1
     * @param notice why that is fewer than asked for; empty: it is not
     */
    record Prediction(int slots, Optional<String> notice) {}

    /**
     * The rule (pure).
     *
     * @param wanted boards at once
     * @param there of their worktrees, those that are there already and need no checkout
     * @param freeBytes free space
     * @param checkoutBytes what a checkout takes
     * @param buildBytes what a build takes beside it
     */
    static Prediction predict(int wanted, int there, long freeBytes, long checkoutBytes, long buildBytes) {
        int slots = 0;
        long left = freeBytes;
        while (slots < wanted) {
            left -= buildBytes + (slots < there ? 0 : checkoutBytes);
            if (left < 0) {
                break;
            }
            slots++;
        }
        if (slots == wanted) {
            return new Prediction(wanted, Optional.empty());
        }
        int taken = Math.max(1, slots);
        return new Prediction(
                taken,
                Optional.of("disk space for " + slots + " of " + wanted + " boards at once, so " + taken + ": "
                        + freeBytes / MIB + " MiB are free, a checkout takes " + checkoutBytes / MIB + " MiB (" + there
                        + " are there), a build " + buildBytes / MIB + " MiB (worker.build-space)"));
    }

    /** What a checkout of that commit takes; 0 if that can't be told. */
    static long checkoutBytes(GitProgram git, Path directory, Path gitDir, String commit) {
        if (!GitProgram.isRevision(commit)) {
            return 0;
        }
        GitResult tree = git.run(directory, "--git-dir=" + gitDir, "ls-tree", "-r", "-l", commit);
        return tree.out().lines().mapToLong(DiskNeed::fileBytes).sum();
    }

    /** Of {@code <mode> <type> <hash> <size>TAB<path>}, the size in whole blocks. */
    private static long fileBytes(String line) {
        String[] parts = line.substring(0, Math.max(0, line.indexOf('\t'))).split(" +", -1);
        try {
            long size = parts.length == 4 ? Long.parseLong(parts[3]) : 0;
            return (size + BLOCK - 1) / BLOCK * BLOCK;
        } catch (NumberFormatException e) {
            return 0; // a submodule has no size
        }
    }
}
