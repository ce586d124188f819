package dev.buildboss.cli;

import dev.buildboss.model.Compiler;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import dev.buildboss.toolchain.ToolchainList;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows this computer's compilers. */
final class ToolchainTable {

    private final BossCommand boss;

    ToolchainTable(BossCommand boss) {
        this.boss = boss;
    }

    /** The exit status: 0 if one at least works. */
    int show(Settings settings) {
        Surroundings around = boss.around;
        List<ToolchainList.Entry> entries = ToolchainList.of(
                settings.toolchains(), around.environment().getOrDefault("PATH", "/usr/bin:/bin"), around.home());
        if (boss.json) {
            entries.forEach(entry -> around.out().println(EventJson.text(json(entry))));
        } else {
            text(entries, settings, around.out());
        }
        return entries.stream().anyMatch(ToolchainList.Entry::used) ? 0 : 1;
    }

    private static void text(List<ToolchainList.Entry> entries, Settings settings, PrintStream out) {
        List<ToolchainList.Entry> working =
                entries.stream().filter(entry -> entry.compiler().isPresent()).toList();
        if (working.isEmpty()) {
            out.println("No compilers found: boss toolchains fetch ARCH gets one, or set toolchains.paths");
        } else {
            out.println("List of available toolchains (" + working.size() + "):");
        }
        TextTable table = new TextTable();
        for (ToolchainList.Entry entry : working) {
            Compiler compiler = entry.compiler().orElseThrow();
            table.row(
                    entry.arch(),
                    entry.used() ? ":" : "-",
                    Printable.line(entry.path().toString()),
                    compiler.name(),
                    compiler.identity(),
                    Printable.line(entry.foundBy()));
        }
        table.lines().forEach(out::println);
        if (working.stream().anyMatch(entry -> !entry.used())) {
            out.println("(-: there is a better one for that architecture)");
        }
        settings.toolchains().wrapper().ifPresent(wrapper -> out.println("Run by: " + Printable.line(wrapper)));
        Set<String> broken = new LinkedHashSet<>();
        entries.stream()
                .filter(entry -> entry.compiler().isEmpty())
                .forEach(entry -> broken.add(entry.path() + " (" + entry.foundBy() + ")"));
        broken.forEach(path -> out.println("Does not work: " + Printable.line(path)));
    }

    private static Map<String, Object> json(ToolchainList.Entry entry) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("arch", entry.arch());
        object.put("path", entry.path().toString());
        object.put("works", entry.compiler().isPresent());
        object.put("used", entry.used());
        object.put("version", entry.compiler().map(Compiler::version).orElse(""));
        object.put("target", entry.compiler().map(Compiler::target).orElse(""));
        object.put("identity", entry.compiler().map(Compiler::identity).orElse(""));
        object.put("foundBy", entry.foundBy());
        return object;
    }
}
