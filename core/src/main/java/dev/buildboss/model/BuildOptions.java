package dev.buildboss.model;

/**
 * What changes how a board is built: the {@code settings} object of {@code configure} on the wire.
 *
 * <p>{@code keepOutputs} is an extension (feature {@code keep-outputs}); all others are the base protocol's.
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
        boolean keepOutputs) {

    /** The protocol's defaults: everything off but the Kconfig check. */
    public static final BuildOptions DEFAULT =
            new BuildOptions(false, false, false, false, false, false, false, false, false, false, true, false, false);

    /** The same with missing external blobs allowed or not. */
    public BuildOptions withAllowMissing(boolean allow) {
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
                keepOutputs);
    }

    /** The same with or without kept outputs. */
    public BuildOptions withKeepOutputs(boolean keep) {
        return new BuildOptions(
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
                keep);
    }
}
