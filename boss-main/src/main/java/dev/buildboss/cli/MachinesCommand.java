package dev.buildboss.cli;

import dev.buildboss.model.Machine;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss machines}: what the machines are, and whether they are fit. */
@Command(
        name = "machines",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Looks at the machines of the settings and shows whether each can build.",
        description = {
            "",
            "Machines are set in ~/.config/buildboss/config.conf, by name:",
            "",
            "  buildboss.machines { fast { host = \"me@fast.example\" }, old { host = \"old.example\", max-boards = 2 } }",
            "",
            "Your ~/.ssh/config, agent and known hosts are used. Nothing is changed on the machines, and nothing ever prompts.",
            "The exit status is 0 if one machine at least is usable.",
            ""
        })
final class MachinesCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Which machines, by name or tag:NAME (default: all of the settings).")
    private List<String> names = new ArrayList<>();

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the versions of git, make, gcc, dtc, swig, python3 and the kernel too.")
    private boolean versions;

    private final BossCommand boss;

    MachinesCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        Settings settings = boss.loader(Optional.<Path>empty()).load().settings();
        return new MachineTable(boss, settings, versions).show(MachineOptions.select(settings, names));
    }

    /** {@code boss machines watch}. */
    @Command(
            name = "watch",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Looks at the machines again and again, until Ctrl-C.",
            description = {
                "",
                "On a terminal the table is redrawn in place; elsewhere one follows the other, with --json a line for each look.",
                "The exit status is 0 if one machine at least was usable at the last look.",
                ""
            })
    static final class Watch implements Callable<Integer> {

        @Parameters(
                paramLabel = "NAME",
                arity = "0..*",
                description = "Which machines, by name or tag:NAME (default: all of the settings).")
        private List<String> names = new ArrayList<>();

        @Option(
                names = "--interval",
                paramLabel = "TIME",
                description = "The time between two looks, such as 10s (default: probe.watch-interval, 5 s).")
        @Nullable
        private String interval;

        @Option(names = "--count", paramLabel = "N", description = "End after so many looks (default: never).")
        private int count;

        private final BossCommand boss;

        Watch(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            boss.applyDebug();
            if (count < 0) {
                throw new dev.buildboss.BuildbossException("--count " + count + ": must be 0 or more");
            }
            SettingsLoader loader = boss.loader(Optional.empty());
            if (interval != null) {
                loader.set("probe.watch-interval", com.typesafe.config.ConfigUtil.quoteString(interval), "--interval");
            }
            Settings settings = loader.load().settings();
            return new MachineWatch(boss, settings, Clock.system(ZoneId.systemDefault()))
                    .watch(MachineOptions.select(settings, names), count);
        }
    }

    /** {@code boss machines doctor}. */
    @Command(
            name = "doctor",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Tries what a build will need on machines, and says what to install there.",
            description = {
                "",
                "Programs are run, headers compiled and each compiler tried, with /dev/null for output: nothing is left there.",
                "The exit status is 1 if something is missing that builds need.",
                ""
            })
    static final class Doctor implements Callable<Integer> {

        @Parameters(
                paramLabel = "NAME",
                arity = "1..*",
                description = "Which machines, by name or tag:NAME; local is this computer.")
        private List<String> names = new ArrayList<>();

        private final BossCommand boss;

        Doctor(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            boss.applyDebug();
            Settings settings = boss.loader(Optional.empty()).load().settings();
            return new MachineDoctor(boss, settings).visit(withLocal(settings, names));
        }
    }

    /** The machines of the settings by name, with {@code local} for this computer. */
    static List<Machine> withLocal(Settings settings, List<String> given) {
        List<String> others = new ArrayList<>(MachineOptions.names(given));
        boolean local = others.removeIf(Machine.LOCAL_NAME::equals);
        List<Machine> machines = new ArrayList<>();
        if (local) {
            machines.add(Machine.local());
        }
        if (!others.isEmpty()) {
            machines.addAll(MachineOptions.select(settings, others));
        }
        return machines;
    }

    /** The top of the source tree around a directory; empty if it is in none. */
    static Optional<Path> treeAround(Path directory) {
        try (SourceRepository repository = SourceRepository.open(directory)) {
            return repository.workTree();
        } catch (dev.buildboss.BuildbossException e) {
            return Optional.empty();
        }
    }
}
