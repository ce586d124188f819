package dev.buildboss.results;

import dev.buildboss.model.Commit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of result directories: {@code <NN>_g<hash>_<subject>} (pure; see {@code docs/results.md}). */
public final class ResultLayout {

    /** The private directory of a result directory: worktrees, staging and the lock. */
    public static final String WORK_DIR = ".bm-work";

    private static final int SUBJECT_CHARACTERS = 20;
    private static final Pattern COMMIT_DIR =
            Pattern.compile("[0-9]{2,9}_g([0-9a-f]{40}|[0-9a-f]{64})_.*", Pattern.DOTALL);

    private ResultLayout() {}

    /**
     * The directory of a commit.
     *
     * @param index its place in the series, from 0; the name counts from 01
     */
    public static String commitDir(int index, Commit commit) {
        return String.format(Locale.ROOT, "%02d_g%s_%s", index + 1, commit.hash(), subject(commit.subject()));
    }

    /** The commit that a directory's name tells; empty if it is none of ours. */
    public static Optional<String> hashOf(String directoryName) {
        Matcher matcher = COMMIT_DIR.matcher(directoryName);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The first 20 characters of a subject with all that a file name or a terminal could choke on as {@code -}. */
    private static String subject(String subject) {
        StringBuilder name = new StringBuilder();
        subject.codePoints().limit(SUBJECT_CHARACTERS).forEach(c -> {
            boolean harmful = c == '/'
                    || c == ':'
                    || Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE
                    || c == 0xFFFD;
            name.appendCodePoint(harmful ? '-' : c);
        });
        return name.toString();
    }
}
