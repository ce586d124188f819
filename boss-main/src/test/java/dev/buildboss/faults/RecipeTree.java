package dev.buildboss.faults;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A tree of one recipe, whose builds a test commands: what the tests that run over every recipe know of it. One of its boards warns
 * and one breaks.
 */
interface RecipeTree {

    /** The recipe's name. */
    String recipe();

    /** Where a boss is called. */
    Path directory();

    /** What a boss has in its environment besides. */
    default Map<String, String> environment() {
        return Map.of();
    }

    BuildControl control();

    /** All boards. */
    List<String> boards();

    /** Boards without a warning or a failure, enough of them for each machine to have one. */
    List<String> sound();

    /** The board that breaks. */
    String broken();

    /** How many builds a board has, the first of which is number 0. */
    int commits();

    /** Builds, as {@code board-number}, that come when others have ended. */
    List<String> later();

    /** A boss's command and what it takes to build these boards, as far as they have no result yet. */
    List<String> command(List<String> boards);

    /** What has a boss build on m1 and m2, and here no more than must be. */
    List<String> remote();

    /** What is in an output directory. */
    Results results(Path output);
}
