package dev.buildboss.report;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Commit;
import java.util.List;

/**
 * The commits of a run, oldest first.
 *
 * @param commits at least one
 * @param tip the full hash of the branch's or range's end, whether it is built or not
 * @param notes what the user should know, such as history that is cut off
 */
public record CommitSeries(List<Commit> commits, String tip, List<String> notes) {
    /** Copies the lists. */
    public CommitSeries {
        commits = List.copyOf(commits);
        requireNonNull(tip, "tip");
        notes = List.copyOf(notes);
    }
}
