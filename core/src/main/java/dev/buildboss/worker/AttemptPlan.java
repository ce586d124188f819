package dev.buildboss.worker;

import dev.buildboss.model.BuildOptions;

/**
 * Decides for each commit of a board how to build it: on top of the last one, or configured afresh. Pure.
 *
 * <p>The rules: the first commit is configured; so is one after a failure, one whose Kconfig files changed, and each one if
 * the user wants that. A failed build that was not configured afresh is tried once more with a fresh configuration. A quick
 * run ({@code -Q}) does neither after a failure: it goes on with what is configured.
 */
final class AttemptPlan {
    private final BuildOptions options;
    private boolean configured;

    AttemptPlan(BuildOptions options) {
        this.options = options;
    }

    /** The first attempt at the next commit. */
    Attempt first(boolean configurationChanged) {
        boolean configure = !configured || options.forceReconfig() || (options.kconfigCheck() && configurationChanged);
        return new Attempt(configure, configure && options.mrproper());
    }

    /** Whether a failed attempt is to be repeated with {@link #second}. */
    boolean retries(Attempt failed) {
        return !failed.configure() && !options.changes().quick();
    }

    /** The second attempt at a commit. */
    Attempt second() {
        return new Attempt(true, options.mrproper() || options.fallbackMrproper());
    }

    /** Takes note of how the commit ended; {@code isConfigured}: its configuration is there, whether or not it then failed. */
    void ended(boolean success, boolean isConfigured) {
        configured = success || (options.changes().quick() && isConfigured);
    }

    /**
     * How to build a commit once.
     *
     * @param configure whether to configure first
     * @param clean whether to remove all earlier output before that
     */
    record Attempt(boolean configure, boolean clean) {}
}
