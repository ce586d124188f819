package dev.buildboss.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells a machine's failure from the source's, seen through make's exit status. Pure.
 *
 * <p>The patterns are what compilers, make, shells and the C library say; each begins where a word of theirs begins, so that
 * a source line that happens to hold the words in a diagnostic does not count.
 */
public final class InfraSigns {
    private static final Pattern DISK = Pattern.compile("(?m)(: |^)(No space left on device|Disk quota exceeded)\\W*$"
            + "|(: |^)fatal: .*No space left on device|write error: No space left");
    private static final Pattern KILLED = Pattern.compile("(?m)fatal error: Killed signal terminated program"
            + "|internal compiler error: Killed"
            + "|^(make\\[\\d+\\]|make): \\*\\*\\* .*\\] (Killed|Error 137)$"
            + "|terminated with signal 9 \\[Killed\\]"
            + "|(^|: )Killed$"
            + "|[Cc]annot allocate memory"
            + "|virtual memory exhausted"
            + "|out of memory allocating"
            + "|: memory exhausted"
            + "|No child processes"
            + "|fork: .*Resource temporarily unavailable"
            + "|: Input/output error$"
            + "|: Stale file handle$"
            + "|: Too many open files in system$");

    private InfraSigns() {}

    /** The same for a build about which nothing is known but its words. */
    public static Optional<CellOutcome.Reason> of(String stderr) {
        return of(stderr, Long.MAX_VALUE, 0);
    }

    /**
     * The reason why a failed build says nothing of the source; empty: it does.
     *
     * @param stderr what the build wrote
     * @param freeBytes free space where it was built
     * @param oomKills how many processes the kernel killed for memory meanwhile
     */
    public static Optional<CellOutcome.Reason> of(String stderr, long freeBytes, long oomKills) {
        if (DISK.matcher(stderr).find() || freeBytes < 1024 * 1024) {
            return Optional.of(CellOutcome.Reason.DISK_FULL);
        }
        boolean blamesSource = stderr.contains(": error: ");
        if (KILLED.matcher(stderr).find() || (oomKills > 0 && !blamesSource)) {
            return Optional.of(CellOutcome.Reason.INFRASTRUCTURE);
        }
        return Optional.empty();
    }
}
