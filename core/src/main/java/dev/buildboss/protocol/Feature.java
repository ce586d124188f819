package dev.buildboss.protocol;

import java.util.Optional;

/**
 * An extension of the base protocol, named in a worker's {@code ready} and then in a boss's {@code configure}.
 *
 * <p>An extended command goes only to a worker that named the feature, an extended response only to a boss that did.
 */
public enum Feature {
    /** A cell's other files come as {@link Response.Artefact} messages before its result. */
    ARTEFACTS("artefacts"),
    /** {@code build_prepare_done} comes before the worktrees are there; each board waits for its own. */
    EARLY_PREPARE("early-prepare"),
    /** {@code configure_done} names the compilers by architecture. */
    TOOLCHAINS("toolchains"),
    /** {@code configure} tells what compilers the boss has, and {@code configure_done} what the worker's are. */
    COMPILER_IDENTITY("compiler-identity"),
    /** {@code configure} may set {@code keep_outputs}. */
    KEEP_OUTPUTS("keep-outputs"),
    /** {@code configure} may name the {@code recipe} and its settings. */
    RECIPE("recipe"),
    /** {@code build_prepare} may fix the number of {@code jobs} of each make. */
    JOBS("jobs"),
    /** {@code build_board} may carry {@code commits}: the indexes to build, ascending; the others are skipped. */
    COMMIT_SELECTION("commit-selection"),
    /** {@code build_board} and {@code build_boards} may carry {@code make_flags}: arguments for each of a board's makes. */
    MAKE_FLAGS("make-flags"),
    /** {@code settings} may carry {@code changes}: adjusted configurations, fragments and the like. */
    BUILD_CHANGES("build-changes"),
    /** {@code build_board} may carry {@code defconfig} and {@code fragments}: a board made of another one's and of fragments. */
    EXTENDED_BOARDS("extended-boards"),
    /** {@code build_result} may carry {@code not_built}: the machine's fault, no verdict on the source. */
    NOT_BUILT("not-built"),
    /** {@code build_result} may carry {@code times}: how long configuring and building took. */
    TIMES("times"),
    /** {@code ping} asks for a sign of life, and gives one: each side finds out when the other is silent. */
    PING("ping"),
    /** {@code follow} asks for the output of a board's makes as they run, which comes as {@link Response.Log}s. */
    FOLLOW("follow"),
    /** {@code take_back} asks for commits of a board that have not begun; {@link Response.GivenBack} says which those are. */
    TAKE_BACK("take-back"),
    /** {@code cancel} ends a cell that is being built: it is given back, without a result. */
    CANCEL("cancel");

    private final String wireName;

    Feature(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire. */
    public String wireName() {
        return wireName;
    }

    /** The feature of that name; empty for one that this version does not know. */
    public static Optional<Feature> ofWireName(String name) {
        for (Feature feature : values()) {
            if (feature.wireName.equals(name)) {
                return Optional.of(feature);
            }
        }
        return Optional.empty();
    }
}
