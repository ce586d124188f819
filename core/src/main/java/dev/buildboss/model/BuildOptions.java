package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

/**
 * What changes how a board is built: the {@code settings} object of {@code configure} on the wire.
 *
 * <p>{@code keepOutputs} is an extension (feature {@code keep-outputs}), {@code changes} another ({@code build-changes}); all
 * others are the base protocol's.
 *
 * @param verboseBuild {@code V=1} instead of {@code -s}
 * @param allowMissing {@code BINMAN_ALLOW_MISSING=1}
 * @param noLto {@code NO_LTO=1}
 * @param reproducibleBuilds {@code SOURCE_DATE_EPOCH=0}
 * @param warningsAsErrors {@code KCFLAGS=-Werror HOSTCFLAGS=-Werror}
 * @param mrproper run {@code make mrproper} before each configure
 * @param fallbackMrproper run it before the second try of a failed incremental build
 * @param configOnly configure only ({@code make cfg})
 * @param forceBuild build although a result is there
 * @param forceReconfig configure afresh for each commit
 * @param kconfigCheck configure afresh when Kconfig files changed (the only one that is on by default)
 * @param lines source-line manifest; may be ignored
 * @param keepOutputs send the images and maps back too
 * @param changes what goes beyond the base protocol's settings
 */
public record BuildOptions(
        boolean verboseBuild,
        boolean allowMissing,
        boolean noLto,
        boolean reproducibleBuilds,
        boolean warningsAsErrors,
        boolean mrproper,
        boolean fallbackMrproper,
        boolean configOnly,
        boolean forceBuild,
        boolean forceReconfig,
        boolean kconfigCheck,
        boolean lines,
        boolean keepOutputs,
        BuildChanges changes) {

    /** The protocol's defaults: everything off but the Kconfig check. */
    public static final BuildOptions DEFAULT =
            new BuildOptions(false, false, false, false, false, false, false, false, false, false, true, false, false);

    /** Checks the part. */
    public BuildOptions {
        requireNonNull(changes, "changes");
    }

    /** Without changes beyond the base protocol's settings. */
    public BuildOptions(
            boolean verboseBuild,
            boolean allowMissing,
            boolean noLto,
            boolean reproducibleBuilds,
            boolean warningsAsErrors,
            boolean mrproper,
            boolean fallbackMrproper,
            boolean configOnly,
            boolean forceBuild,
            boolean forceReconfig,
            boolean kconfigCheck,
            boolean lines,
            boolean keepOutputs) {
        this(
                verboseBuild,
                allowMissing,
                noLto,
                reproducibleBuilds,
                warningsAsErrors,
                mrproper,
                fallbackMrproper,
                configOnly,
                forceBuild,
                forceReconfig,
                kconfigCheck,
                lines,
                keepOutputs,
                BuildChanges.NONE);
    }

    /** The same with missing external blobs allowed or not. */
    public BuildOptions withAllowMissing(boolean allow) {
        return with(allow, keepOutputs, changes);
    }

    /** The same with or without kept outputs. */
    public BuildOptions withKeepOutputs(boolean keep) {
        return with(allowMissing, keep, changes);
    }

    /** The same with other changes. */
    public BuildOptions withChanges(BuildChanges newChanges) {
        return with(allowMissing, keepOutputs, newChanges);
    }

    private BuildOptions with(boolean allow, boolean keep, BuildChanges newChanges) {
        return new BuildOptions(
                verboseBuild,
                allow,
                noLto,
                reproducibleBuilds,
                warningsAsErrors,
                mrproper,
                fallbackMrproper,
                configOnly,
                forceBuild,
                forceReconfig,
                kconfigCheck,
                lines,
                keep,
                newChanges);
    }
}
