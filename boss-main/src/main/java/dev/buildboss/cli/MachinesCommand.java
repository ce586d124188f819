package dev.buildboss.cli;

import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

    private final BossCommand boss;

    MachinesCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        Settings settings = boss.loader(Optional.<Path>empty()).load().settings();
        return new MachineTable(boss, settings).show(MachineOptions.select(settings, names));
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
