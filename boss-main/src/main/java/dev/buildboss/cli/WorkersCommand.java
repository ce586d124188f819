package dev.buildboss.cli;

import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss workers}: what runs where, and what was left behind. */
@Command(
        name = "workers",
        exitCodeOnInvalidInput = 1,
        header = "Shows the workers that run, and ends those that were left behind.",
        synopsisSubcommandLabel = "(list | kill)",
        description = {
            "",
            "A worker ends by itself when its boss is gone. One that could not (it was stopped, or its connection hangs) is stale:",
            "it keeps its machine's work directory.",
            ""
        })
final class WorkersCommand {

    /** {@code boss workers list}. */
    @Command(
            name = "list",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Lists this user's workers on this computer and on the machines of the settings.",
            description = {"", "The exit status is 1 if a machine could not be looked at.", ""})
    static final class Show implements Callable<Integer> {

        @Parameters(
                paramLabel = "MACHINE",
                arity = "0..*",
                description = "Which machines; local is this computer (default: all).")
        private List<String> names = new ArrayList<>();

        private final BossCommand boss;

        Show(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            boss.applyDebug();
            Settings settings = settings(boss);
            return new WorkerRoll(boss, settings).list(choose(settings, names));
        }
    }

    /** {@code boss workers kill}. */
    @Command(
            name = "kill",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Ends this user's stale workers, on this computer and on the machines of the settings.",
            description = {
                "",
                "Only workers of Buildboss are ended, and what they build with them; locks that they left are removed. A worker in",
                "use by a boss that lives is not stale. The exit status is 1 if a machine could not be reached, or a worker not",
                "ended.",
                ""
            })
    static final class Kill implements Callable<Integer> {

        @Parameters(
                paramLabel = "MACHINE",
                arity = "0..*",
                description = "Which machines; local is this computer (default: all).")
        private List<String> names = new ArrayList<>();

        @Option(
                names = "--force",
                description = "End workers in use too, and remove the lock of an existing boss: builds will fail.")
        private boolean force;

        private final BossCommand boss;

        Kill(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            boss.applyDebug();
            Settings settings = settings(boss);
            return new WorkerRoll(boss, settings).kill(choose(settings, names), force);
        }
    }

    private static Settings settings(BossCommand boss) {
        return boss.loader(Optional.<Path>empty()).load().settings();
    }

    /** This computer and the machines of the settings, or those that are named. */
    private static List<Machine> choose(Settings settings, List<String> given) {
        List<String> others = new ArrayList<>(MachineOptions.names(given));
        boolean local = others.isEmpty() || others.removeIf(Machine.LOCAL_NAME::equals);
        List<Machine> machines = new ArrayList<>();
        if (given.isEmpty() || !others.isEmpty()) {
            machines.addAll(MachineOptions.select(settings, others));
        }
        if (local) {
            machines.add(0, Machine.local());
        }
        return machines;
    }
}
