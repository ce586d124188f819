package dev.buildboss.plan;

import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.protocol.Feature;
import dev.buildboss.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a worker can do for a run, by the features that it names; an existing one names none (pure). */
public final class WorkerFitness {

    /** What a worker builds that knows no recipes. */
    private static final String BASE_RECIPE = "u-boot";

    private WorkerFitness() {}

    /** What of that a worker would leave out, so that its results would be other ones; empty: it can do what is asked. */
    public static Optional<String> unfit(
            Settings settings, List<Board> boards, BuildChanges changes, Set<Feature> features) {
        if (!features.contains(Feature.BUILD_CHANGES) && !changes.decisive().isEmpty()) {
            return Optional.of("its worker can't be told " + String.join(", ", changes.decisive()));
        }
        if (!features.contains(Feature.EXTENDED_BOARDS)
                && boards.stream().anyMatch(board -> board.base().isPresent())) {
            return Optional.of("its worker can't be told of extended boards (-X)");
        }
        if (!features.contains(Feature.RECIPE) && !settings.recipe().equals(BASE_RECIPE)) {
            return Optional.of("its worker builds U-Boot only, not the recipe " + settings.recipe());
        }
        boolean flags =
                boards.stream().anyMatch(board -> !settings.makeFlagsOf(board).isEmpty());
        return flags && !features.contains(Feature.MAKE_FLAGS)
                ? Optional.of("its worker can't be told make flags (buildboss.build.make-flags)")
                : Optional.empty();
    }

    /** Whether commits of a board can be taken back from a worker, and single ones given to it. */
    public static boolean givesBack(Set<Feature> features) {
        return features.containsAll(Set.of(Feature.COMMIT_SELECTION, Feature.TAKE_BACK, Feature.CANCEL));
    }
}
