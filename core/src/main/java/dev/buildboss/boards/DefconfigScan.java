package dev.buildboss.boards;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes boards of {@code configs/*_defconfig}: the target is the file's name, the architecture its {@code CONFIG_<ARCH>=y} line.
 *
 * <p>A 64-bit ARM defconfig only says {@code CONFIG_ARM=y}: it is {@code aarch64} if one of its symbols selects {@code ARM64}
 * (see {@link KconfigSelects}).
 */
final class DefconfigScan {

    private static final String CONFIGS = "configs";
    private static final String ARM_KCONFIG = "arch/arm/Kconfig";
    private static final String SUFFIX = "_defconfig";
    private static final Set<String> ARCHES = Set.of(
            "ARC",
            "ARM",
            "M68K",
            "MICROBLAZE",
            "MIPS",
            "NDS32",
            "NIOS2",
            "PPC",
            "RISCV",
            "SANDBOX",
            "SH",
            "X86",
            "XTENSA");

    private final SourceTree tree;

    DefconfigScan(SourceTree tree) {
        this.tree = tree;
    }

    private record Defconfig(String target, Set<String> symbols) {}

    List<Board> boards() throws IOException {
        List<Defconfig> defconfigs = new ArrayList<>();
        Defconfigs.read(tree).forEach((target, options) -> {
            if (Board.TARGET_PATTERN.matcher(target).matches()) {
                defconfigs.add(new Defconfig(target, enabled(options)));
            }
        });
        if (defconfigs.isEmpty()) {
            throw new BuildbossException(
                    tree.name() + ": no configs/*_defconfig there; give a list of boards with --boards-file FILE");
        }
        boolean anyArm = defconfigs.stream().anyMatch(d -> d.symbols().contains("ARM"));
        KconfigSelects selects = anyArm ? armSelects() : new KconfigSelects();
        Set<String> aarch64 = selects.allThatSelect("ARM64");
        Maintainers maintainers = Maintainers.of(tree);
        return defconfigs.stream()
                .map(d -> board(d, arch(d.symbols(), aarch64, selects), maintainers))
                .toList();
    }

    private static Board board(Defconfig defconfig, String arch, Maintainers maintainers) {
        Maintainers.Entry entry = maintainers.of(CONFIGS + "/" + defconfig.target() + SUFFIX);
        return new Board(defconfig.target(), arch, "", "", "", "", "", entry.names(), !entry.orphan());
    }

    private KconfigSelects armSelects() throws IOException {
        KconfigSelects selects = new KconfigSelects();
        for (String directory : List.of("arch/arm", "board")) {
            tree.read(
                    directory,
                    path -> path.substring(path.lastIndexOf('/') + 1).startsWith("Kconfig"),
                    (path, text) -> selects.add(path.equals(ARM_KCONFIG) ? List.of("ARM") : List.of(), text));
        }
        return selects;
    }

    private static String arch(Set<String> symbols, Set<String> aarch64, KconfigSelects selects) {
        for (String arch : ARCHES) {
            if (symbols.contains(arch)) {
                return switch (arch) {
                    case "ARM" -> isAarch64(symbols, aarch64, selects) ? "aarch64" : "arm";
                    case "PPC" -> "powerpc";
                    default -> arch.toLowerCase(Locale.ROOT);
                };
            }
        }
        return "sandbox";
    }

    private static boolean isAarch64(Set<String> symbols, Set<String> aarch64, KconfigSelects selects) {
        return !Collections.disjoint(symbols, aarch64) || !Collections.disjoint(selects.defaultsOf(symbols), aarch64);
    }

    private static Set<String> enabled(Map<String, String> options) {
        return options.entrySet().stream()
                .filter(option -> option.getValue().equals("y"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
