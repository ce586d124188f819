package dev.buildboss.cli;

import dev.buildboss.settings.SettingsLoader;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code boss config}: the settings. */
@Command(
        name = "config",
        exitCodeOnInvalidInput = 1,
        header = "Shows the settings.",
        synopsisSubcommandLabel = "show",
        description = {
            "",
            "Strongest first: --set KEY=VALUE, --config FILE, .buildboss.conf of the source tree (build and recipes only),",
            "~/.config/buildboss/config.conf, and the defaults.",
            ""
        })
final class ConfigCommand {

    /** {@code boss config show}. */
    @Command(
            name = "show",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Prints each setting with its value and where it came from.",
            description = {"", "  boss config show ssh        those whose name has ssh in it", ""})
    static final class Show implements Callable<Integer> {

        @Parameters(
                paramLabel = "PART",
                arity = "0..*",
                description = "Only settings whose name has one of these parts.")
        private List<String> parts = new ArrayList<>();

        private final BossCommand boss;

        Show(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            SettingsLoader.Loaded loaded = boss.loader(MachinesCommand.treeAround(boss.around.directory()))
                    .load();
            List<SettingsLoader.Entry> entries = loaded.entries().stream()
                    .filter(e -> parts.isEmpty() || parts.stream().anyMatch(e.key()::contains))
                    .toList();
            if (boss.json) {
                entries.forEach(e -> boss.around.out().println(EventJson.text(json(e))));
            } else {
                TextTable table = new TextTable();
                entries.forEach(
                        e -> table.row(Printable.line(e.key()), Printable.line(e.value()), Printable.line(e.origin())));
                table.lines().forEach(boss.around.out()::println);
            }
            return 0;
        }

        private static Map<String, Object> json(SettingsLoader.Entry entry) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("key", entry.key());
            object.put("value", entry.value());
            object.put("origin", entry.origin());
            return object;
        }
    }
}
