package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.settings.BuildmanImport;
import dev.buildboss.settings.SettingsLoader;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss config}: the settings. */
@Command(
        name = "config",
        exitCodeOnInvalidInput = 1,
        header = "Shows the settings, and takes over those of U-Boot's buildman.",
        synopsisSubcommandLabel = "show | import",
        description = {
            "",
            "Strongest first: --set KEY=VALUE, --config FILE, .buildboss.conf of the source tree (build and recipes only),",
            "~/.config/buildboss/config.conf, ~/.buildman (or -G FILE), and the defaults.",
            ""
        })
final class ConfigCommand {

    /** {@code boss config import}. */
    @Command(
            name = "import",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Writes the settings of U-Boot's buildman as settings of Buildboss.",
            description = {
                "",
                "  boss config import -o ~/.config/buildboss/config.conf",
                "",
                "What is written comes to the same settings. Without an import, ~/.buildman is read as it is.",
                ""
            })
    static final class Import implements Callable<Integer> {

        @Parameters(
                paramLabel = "FILE",
                arity = "0..1",
                description = "The file (default: ~/.buildman, or that of -G).")
        @Nullable
        private Path file;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "Where to write; the file must not be there yet (default: to the standard output).")
        @Nullable
        private Path output;

        private final BossCommand boss;

        Import(BossCommand boss) {
            this.boss = boss;
        }

        @Override
        public Integer call() {
            Path given = file != null ? file : boss.buildmanFile;
            String text = BuildmanImport.hocon(given == null ? boss.around.buildmanFile() : boss.around.resolve(given));
            if (output == null) {
                boss.around.out().print(text);
                boss.around.out().flush();
            } else {
                write(boss.around.resolve(output), text);
            }
            return 0;
        }

        private void write(Path to, String text) {
            try {
                Path directory = to.getParent();
                if (directory != null) {
                    Files.createDirectories(directory);
                }
                Files.writeString(to, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException e) {
                throw new BuildbossException(
                        to + ": is there already; choose another with -o, or print the settings and add them by hand",
                        e);
            } catch (IOException e) {
                throw new BuildbossException(to + ": cannot be written: " + e.getMessage(), e);
            }
            boss.around.err().println("wrote " + Printable.line(to.toString()));
        }
    }

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
