package dev.buildboss.clean;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What of the things of ours is to be removed (pure). What is in use never is. */
public final class CleanChoice {

    private CleanChoice() {}

    /** All. */
    public static List<Left> all(List<Left> there) {
        return there.stream().filter(left -> !left.inUse()).toList();
    }

    /** What nobody has used for that long; a repository stays, as all would have to be sent again for the next build. */
    public static List<Left> olderThan(List<Left> there, Duration age) {
        return there.stream()
                .filter(left -> !left.inUse() && !left.kind().equals("repository"))
                .filter(left -> left.unused().compareTo(age) >= 0)
                .toList();
    }

    /**
     * What must go for the rest to fit: the oldest first, of one age the cache before the work directory. The repository stays.
     *
     * @param budget bytes
     */
    public static List<Left> toFit(List<Left> there, long budget) {
        long total = total(there);
        List<Left> candidates = new ArrayList<>(there);
        candidates.removeIf(left -> left.inUse() || left.kind().equals("repository"));
        candidates.sort(Comparator.comparing(Left::unused).reversed().thenComparing(Left::inWorkDir));
        List<Left> result = new ArrayList<>();
        for (Left left : candidates) {
            if (total <= budget) {
                break;
            }
            result.add(left);
            total -= left.bytes();
        }
        return result;
    }

    /** What they take together. */
    public static long total(List<Left> things) {
        return things.stream().mapToLong(Left::bytes).sum();
    }
}
