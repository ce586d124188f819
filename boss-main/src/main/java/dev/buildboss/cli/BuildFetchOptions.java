package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.toolchain.ToolchainSearch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options of {@code boss build} that fetch compilers and build nothing, as users of U-Boot's own tool know them. */
final class BuildFetchOptions {

    private static final Pattern FETCHED = Pattern.compile("gcc-([0-9.]+)-nolibc");
    private static final String HOSTS_OWN = "sandbox";

    @Option(
            names = "--fetch-arch",
            paramLabel = "ARCH",
            split = ",",
            description =
                    "Fetch compilers for these architectures (all, list), as boss toolchains fetch does; build nothing.")
    private List<String> architectures = new ArrayList<>();

    @Option(
            names = "--machines-fetch-arch",
            description =
                    "Send the machines compilers for what this computer has one for and they lack; build nothing.")
    private boolean machines;

    /** Whether one of them was given. */
    boolean given() {
        return machines || !architectures.isEmpty();
    }

    /** Fetches; the worse of the two statuses. */
    int run(BossCommand boss, Settings settings, MachineOptions chosen) {
        int status = 0;
        if (!architectures.isEmpty()) {
            status = new FetchRun(boss, settings, false).fetch(architectures, List.of(Machine.local()));
        }
        if (machines) {
            List<Machine> remote = chosen.remote(settings);
            if (remote.isEmpty()) {
                throw new BuildbossException(MachineOptions.NONE_CONFIGURED);
            }
            status = Math.max(status, new FetchRun(boss, settings, false).sendMissing(own(boss, settings), remote));
        }
        return status;
    }

    /** What this computer has compilers for, and the version of those that were fetched. */
    private static Map<String, Optional<String>> own(BossCommand boss, Settings settings) {
        Map<String, String> environment = boss.around.environment();
        ToolchainSearch search = ToolchainSearch.look(
                settings.toolchains(), environment.getOrDefault("PATH", "/usr/bin:/bin"), boss.around.home());
        Map<String, Optional<String>> result = new TreeMap<>();
        for (String arch : search.architectures()) {
            boolean alias = settings.toolchains().aliases().values().stream().anyMatch(names -> names.contains(arch));
            if (!arch.equals(HOSTS_OWN) && !alias) {
                result.put(arch, search.candidates(arch).stream().findFirst().flatMap(BuildFetchOptions::version));
            }
        }
        return result;
    }

    private static Optional<String> version(Path gcc) {
        Matcher matcher = FETCHED.matcher(gcc.toString());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
