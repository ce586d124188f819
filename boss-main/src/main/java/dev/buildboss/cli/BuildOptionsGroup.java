package dev.buildboss.cli;

import dev.buildboss.settings.SettingsLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How boards are built: each of these options is a setting too. */
final class BuildOptionsGroup {

    @Option(
            names = {"-T", "--threads"},
            paramLabel = "N",
            description = "Boards at once on this computer (default: one for each CPU thread, as memory allows).")
    @Nullable
    Integer threads;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description =
                    "Jobs of each make on this computer (default: CPU threads divided by the boards being built).")
    @Nullable
    Integer jobs;

    @Option(
            names = {"-k", "--keep-outputs"},
            description = "Keep the images and maps (u-boot*, *.bin, …), not only what was said of them.")
    private boolean keepOutputs;

    @Option(
            names = {"-V", "--verbose-build"},
            description = "Show each command in the log (make V=1).")
    private boolean verboseBuild;

    @Option(
            names = {"-E", "--warnings-as-errors"},
            description = "Treat the compiler's warnings as errors (-Werror).")
    private boolean warningsAsErrors;

    @Option(
            names = {"-L", "--no-lto"},
            description = "Build without link-time optimisation.")
    private boolean noLto;

    @Option(
            names = {"-M", "--allow-missing"},
            description = "Missing external blobs are no errors.")
    private boolean allowMissing;

    @Option(names = "--no-allow-missing", description = "Missing external blobs are errors, whatever else is set.")
    private boolean noAllowMissing;

    @Option(
            names = {"-m", "--mrproper"},
            description = "Run make mrproper before each configuration.")
    private boolean mrproper;

    @Option(
            names = "--fallback-mrproper",
            description = "Run make mrproper before the second try of a failed incremental build.")
    private boolean fallbackMrproper;

    @Option(
            names = {"-r", "--reproducible-builds"},
            description = "Build without time stamps (SOURCE_DATE_EPOCH=0).")
    private boolean reproducible;

    @Option(
            names = {"-C", "--force-reconfig"},
            description = "Configure afresh for each commit, instead of building incrementally.")
    private boolean forceReconfig;

    @Option(
            names = {"-Z", "--no-kconfig-check"},
            description = "Do not configure afresh when Kconfig files changed.")
    private boolean noKconfigCheck;

    @Option(
            names = "--confirm-failures",
            description = {
                "Build a board's first failure again, on another machine if one can, before it counts: is it the source, a flake,",
                "or the machine? Not where the compiler plainly points at the source (but with boss.confirm-failures = always)."
            })
    private boolean confirmFailures;

    /** Puts what was given over the settings. */
    void apply(SettingsLoader loader) {
        if (threads != null) {
            loader.set("local.slots", threads.toString(), "-T");
        }
        if (jobs != null) {
            loader.set("local.jobs", jobs.toString(), "-j");
        }
        if (confirmFailures) {
            loader.set("boss.confirm-failures", "doubtful", "--confirm-failures");
        }
        flag(loader, keepOutputs, "build.keep-outputs", true, "-k");
        flag(loader, verboseBuild, "build.verbose", true, "-V");
        flag(loader, warningsAsErrors, "build.warnings-as-errors", true, "-E");
        flag(loader, noLto, "build.no-lto", true, "-L");
        flag(loader, allowMissing, "build.allow-missing", true, "-M");
        flag(loader, noAllowMissing, "build.allow-missing", false, "--no-allow-missing");
        flag(loader, mrproper, "build.mrproper", true, "-m");
        flag(loader, fallbackMrproper, "build.fallback-mrproper", true, "--fallback-mrproper");
        flag(loader, reproducible, "build.reproducible", true, "-r");
        flag(loader, forceReconfig, "build.force-reconfig", true, "-C");
        flag(loader, noKconfigCheck, "build.kconfig-check", false, "-Z");
    }

    private static void flag(SettingsLoader loader, boolean given, String key, boolean value, String option) {
        if (given) {
            loader.set(key, String.valueOf(value), option);
        }
    }
}
