package dev.buildboss.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.buildboss.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program's own options, which every command knows too. */
@Command(
        name = "boss",
        versionProvider = BossCommand.Version.class,
        exitCodeOnInvalidInput = 1,
        exitCodeOnExecutionException = 102,
        sortOptions = false,
        header = "Builds boards × commits of a U-Boot tree on this computer and on machines reached by ssh.",
        description = {
            "",
            "Start in a source tree:  boss build -b my-branch 'zynq'",
            "No tree at hand?         boss demo",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit status of a build: 0 all well, 100 a board failed, 101 only warnings, 103 something was not built,",
            "130 interrupted, 102 an error inside Buildboss, 1 bad arguments, settings or set-up."
        })
final class BossCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Read further settings from a file, which win over those of ~/.config/buildboss/config.conf.")
    @Nullable
    Path configFile;

    @Option(
            names = {"-G", "--config-file"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Read these settings of U-Boot's buildman in place of those of ~/.buildman.")
    @Nullable
    Path buildmanFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "Set one setting; boss config show lists them all.")
    List<String> assignments = new ArrayList<>();

    @Option(
            names = "--ssh-config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Use this ssh configuration in place of ~/.ssh/config.")
    @Nullable
    Path sshConfig;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Write JSON for programs, one object a line.")
    boolean json;

    @Option(
            names = {"-D", "--debug"},
            scope = ScopeType.INHERIT,
            description = "Show more of what goes on, and stack traces.")
    boolean debug;

    @Spec
    @Nullable
    CommandSpec spec;

    final Surroundings around;
    final Builds builds;
    final Interrupts interrupts;
    final LongSupplier nanoTime;

    BossCommand(Surroundings around, Builds builds, Interrupts interrupts, LongSupplier nanoTime) {
        this.around = around;
        this.builds = builds;
        this.interrupts = interrupts;
        this.nanoTime = nanoTime;
    }

    @Override
    public void run() {
        CommandSpec known = java.util.Objects.requireNonNull(spec);
        throw new ParameterException(
                known.commandLine(),
                "a command is missing: build, plan, bitbake, follow, summary, blame, reproduce, runs, machines, workers, boards, demo, config");
    }

    /** The places of settings, for a source tree if there is one. */
    SettingsLoader loader(Optional<Path> tree) {
        SettingsLoader loader =
                new SettingsLoader().systemProperties(around.properties()).userFile(around.userConfig());
        if (buildmanFile != null) {
            loader.givenBuildmanFile(around.resolve(buildmanFile));
        } else {
            loader.buildmanFile(around.buildmanFile());
        }
        if (configFile != null) {
            loader.configFile(around.resolve(configFile));
        }
        tree.ifPresent(top -> loader.projectFile(top.resolve(SettingsLoader.PROJECT_FILE)));
        assignments.forEach(loader::set);
        if (sshConfig != null) {
            loader.set("ssh.config-file", quoted(around.resolve(sshConfig).toString()), "--ssh-config");
        }
        return loader;
    }

    /** With {@code -D} the logger says more. */
    void applyDebug() {
        if (debug && LoggerFactory.getLogger("dev.buildboss") instanceof Logger logger) {
            logger.setLevel(Level.DEBUG);
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Reads the version from the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BossCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "Buildboss " + (version == null ? "(from a checkout)" : version),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
