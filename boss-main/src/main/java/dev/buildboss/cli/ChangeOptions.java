package dev.buildboss.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.buildboss.settings.SettingsLoader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What changes how a board is built beyond make's usual arguments: each of these options is a setting too. */
final class ChangeOptions {

    @Option(
            names = {"-a", "--adjust-cfg"},
            paramLabel = "CHANGE",
            description =
                    "Change the configuration before building: FOO turns an option on, ~FOO off, FOO=value sets it"
                            + " (strings are quoted: 'FOO=\"text\"'). May be given more than once. A change that does not take effect"
                            + " fails the board.")
    private List<String> adjust = new ArrayList<>();

    @Option(
            names = "--fragments",
            paramLabel = "FILE",
            split = ",",
            description = "Add these configuration fragments of configs/ to each board's, such as acpi.config.")
    private List<String> fragments = new ArrayList<>();

    @Option(names = "--target", paramLabel = "GOAL", description = "Let make build this in place of its default.")
    @Nullable
    private String goal;

    @Option(
            names = "--dtc-skip",
            description = "Use the machine's own device-tree compiler, in place of building the tree's.")
    private boolean dtcSkip;

    @Option(
            names = {"-P", "--per-board-out-dir"},
            description = "Give each board an output directory of its own, so that it is there for the next time.")
    private boolean perBoard;

    @Option(
            names = {"-Q", "--quick"},
            description = "A rough build: do not build again what failed, nor configure afresh after it.")
    private boolean quick;

    @Option(
            names = {"-i", "--in-tree"},
            description =
                    "Build in the source tree of a worktree, without an output directory; with -w in your own tree.")
    boolean inTree;

    @Option(
            names = {"-O", "--override-toolchain"},
            paramLabel = "CC",
            description = "The compiler for sandbox boards and the tools of this build, such as clang-14.")
    @Nullable
    private String hostCompiler;

    @Option(
            names = {"-p", "--full-path"},
            description = "Give make the compiler's whole path in CROSS_COMPILE.")
    private boolean fullPath;

    /** Puts what was given over the settings. */
    void apply(SettingsLoader loader) {
        texts(loader, adjust, "build.adjust-cfg", "-a");
        texts(loader, fragments, "build.fragments", "--fragments");
        text(loader, goal, "build.target", "--target");
        flag(loader, dtcSkip, "build.dtc-skip", "--dtc-skip");
        flag(loader, perBoard, "build.per-board-out-dir", "-P");
        flag(loader, quick, "build.quick", "-Q");
        flag(loader, inTree, "build.in-tree", "-i");
        text(loader, hostCompiler, "toolchains.host-compiler", "-O");
        flag(loader, fullPath, "toolchains.full-path", "--full-path");
    }

    private static void texts(SettingsLoader loader, List<String> values, String key, String option) {
        if (!values.isEmpty()) {
            loader.set(key, ConfigValueFactory.fromIterable(values).render(ConfigRenderOptions.concise()), option);
        }
    }

    private static void text(SettingsLoader loader, @Nullable String value, String key, String option) {
        if (value != null) {
            loader.set(key, ConfigValueFactory.fromAnyRef(value).render(ConfigRenderOptions.concise()), option);
        }
    }

    private static void flag(SettingsLoader loader, boolean given, String key, String option) {
        if (given) {
            loader.set(key, "true", option);
        }
    }
}
