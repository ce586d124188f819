package dev.buildboss.cli;

import com.typesafe.config.ConfigUtil;
import dev.buildboss.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss toolchains}: compilers. */
@Command(
        name = "toolchains",
        exitCodeOnInvalidInput = 1,
        header = "Shows this computer's compilers, and fetches some, to this computer and to machines.",
        synopsisSubcommandLabel = "(list | fetch)",
        description = "")
final class ToolchainsCommand {

    /** {@code boss toolchains list}. */
    @Command(
            name = "list",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Shows this computer's compilers, how each was found, and which ones builds take.",
            description = {
                "",
                "They are looked for in the directories of toolchains.paths (each itself, its bin and its usr/bin) and on PATH; a",
                "prefix of toolchains.prefixes is taken before all that is found. The identity tells builds of one version apart:",
                "a machine's compiler must have the same to get boards of that architecture (toolchains.require).",
                ""
            })
    static final class Show implements Callable<Integer> {

        private final BossCommand boss;

        Show(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            boss.applyDebug();
            return new ToolchainTable(boss)
                    .show(boss.loader(Optional.<Path>empty()).load().settings());
        }
    }

    /** {@code boss toolchains fetch}. */
    @Command(
            name = "fetch",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Fetches compilers from kernel.org, or from where fetch.url says.",
            description = {
                "",
                "  boss toolchains fetch list             which there are",
                "  boss toolchains fetch arm riscv        for these, to ~/.buildman-toolchains",
                "  boss toolchains fetch all",
                "  boss toolchains fetch arm --dist       to the machines of the settings too, where they have none for arm",
                "",
                "An archive must have the checksum that is published beside it. A transfer that breaks off is gone on with by the",
                "same command. Machines need no way to the net: what they get is sent by this computer.",
                ""
            })
    static final class Fetch implements Callable<Integer> {

        @Parameters(
                paramLabel = "ARCH",
                arity = "1..*",
                description = "Architectures, or whole targets such as arm-linux-gnueabi; all; list.")
        private List<String> architectures = new ArrayList<>();

        @Mixin
        private final FetchOptions options = new FetchOptions();

        @Mixin
        private final MachineOptions machineOptions = new MachineOptions();

        private final BossCommand boss;

        Fetch(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            boss.applyDebug();
            SettingsLoader loader = boss.loader(Optional.<Path>empty());
            options.apply(loader);
            var settings = loader.load().settings();
            return new FetchRun(boss, settings, options.force)
                    .fetch(architectures, machineOptions.choose(settings).machines());
        }
    }

    /** How compilers are fetched. */
    static final class FetchOptions {

        @Option(
                names = "--from",
                paramLabel = "URL",
                description = "Fetch from this mirror or directory (file:/…), laid out as kernel.org's crosstool.")
        @Nullable
        private String from;

        @Option(
                names = "--gcc-version",
                paramLabel = "VERSION",
                description = "Which version, such as 13.2.0 (default: the newest).")
        @Nullable
        private String version;

        @Option(names = "--no-verify", description = "Take an archive that has no published checksum.")
        private boolean noVerify;

        @Option(names = "--force", description = "Fetch what is there already, too.")
        private boolean force;

        /** The options that are settings. */
        void apply(SettingsLoader loader) {
            if (from != null) {
                loader.set("fetch.url", ConfigUtil.quoteString(from), "--from");
            }
            if (version != null) {
                loader.set("fetch.version", ConfigUtil.quoteString(version), "--gcc-version");
            }
            if (noVerify) {
                loader.set("fetch.verify", "false", "--no-verify");
            }
        }
    }
}
