package dev.buildboss.recipe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import dev.buildboss.spi.RecipeOutputs.NamedFile;
import dev.buildboss.spi.StepResult;
import dev.buildboss.toolchain.Toolchain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds U-Boot, and trees that are configured and built as U-Boot is.
 *
 * <p>Source of the rules: "One board's build" and "Results on disk" of what users of U-Boot's own tool know.
 */
public final class UBootRecipe implements BuildRecipe {

    /** The recipe's name, which is also the default of {@code buildboss.recipe}. */
    public static final String NAME = "u-boot";

    private static final RecipeOutputs OUTPUTS = new RecipeOutputs(
            List.of("u-boot", "spl/u-boot-spl", "tpl/u-boot-tpl"),
            List.of(
                    new NamedFile(".config", ".config"),
                    new NamedFile("u-boot.cfg", "u-boot.cfg"),
                    new NamedFile("u-boot-spl.cfg", "spl/u-boot-spl.cfg"),
                    new NamedFile("u-boot-spl.cfg", "spl/u-boot.cfg"),
                    new NamedFile("u-boot-tpl.cfg", "tpl/u-boot-tpl.cfg"),
                    new NamedFile("u-boot-tpl.cfg", "tpl/u-boot.cfg"),
                    new NamedFile("autoconf.mk", "include/autoconf.mk"),
                    new NamedFile("autoconf-spl.mk", "spl/include/autoconf.mk"),
                    new NamedFile("autoconf-tpl.mk", "tpl/include/autoconf.mk"),
                    new NamedFile("autoconf.h", "include/generated/autoconf.h")),
            List.of("u-boot*", "*.map", "MLO", "SPL", "*.bin", "*.img", "*.itb", "spl/u-boot-spl*", "tpl/u-boot-tpl*"));

    private static final String ENVIRONMENT_SECTION = ".rodata.default_environment";
    /** Boards of this architecture are programs of the machine that builds them. */
    private static final String HOST_ARCH = "sandbox";

    private static final Pattern ARCH_LINE = Pattern.compile("(?m)^CONFIG_([A-Z0-9_]+)=y$");
    private static final List<String> ARCHES = List.of(
            "arc",
            "arm",
            "m68k",
            "microblaze",
            "mips",
            "nios2",
            "powerpc",
            "ppc",
            "riscv",
            "sandbox",
            "sh",
            "x86",
            "xtensa");

    /** For {@link java.util.ServiceLoader}. */
    public UBootRecipe() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RecipeOutputs outputs(BuildTarget target) {
        return OUTPUTS;
    }

    @Override
    public List<BuildStep> configure(BuildTarget target, boolean clean) {
        return MakeCommand.configure(
                target, clean, variables(target), target.defconfig() + "_defconfig", "olddefconfig");
    }

    @Override
    public List<BuildStep> build(BuildTarget target) {
        String goal = target.options().changes().goal();
        List<String> usual = goal.isEmpty() ? List.of() : List.of(goal);
        return List.of(
                MakeCommand.of(target, variables(target), target.options().configOnly() ? List.of("cfg") : usual));
    }

    @Override
    public Optional<String> misconfigured(BuildTarget target) throws IOException {
        return KconfigAdjust.unmet(target, target.options().changes().adjust());
    }

    private static List<String> variables(BuildTarget target) {
        BuildOptions options = target.options();
        List<String> variables = new ArrayList<>();
        if (options.allowMissing()) {
            variables.add("BINMAN_ALLOW_MISSING=1");
        }
        if (options.noLto()) {
            variables.add("NO_LTO=1");
        }
        BuildChanges changes = options.changes();
        if (changes.dtcSkip()) {
            variables.add("DTC=dtc");
        }
        if (!changes.hostCompiler().isEmpty() && target.arch().equals(HOST_ARCH)) {
            variables.add("HOSTCC=" + changes.hostCompiler());
            variables.add("CC=" + changes.hostCompiler());
        }
        return variables;
    }

    @Override
    public boolean reconfigures(BuildTarget target, String changedPath) {
        String name = changedPath.substring(changedPath.lastIndexOf('/') + 1);
        return name.startsWith("Kconfig")
                || changedPath.equals("configs/" + target.defconfig() + "_defconfig")
                || name.endsWith(".config");
    }

    /** An empty architecture on the wire is told from the defconfig, as a list of boards made from the tree would. */
    @Override
    public Optional<String> toolchainArch(BuildTarget target) {
        return Optional.of(target.arch().isEmpty() ? archOfDefconfig(target) : target.arch());
    }

    private static String archOfDefconfig(BuildTarget target) {
        if (!Board.TARGET_PATTERN.matcher(target.defconfig()).matches()) {
            return "";
        }
        try {
            Path defconfig = target.sourceDir().resolve("configs").resolve(target.defconfig() + "_defconfig");
            Matcher lines = ARCH_LINE.matcher(Files.readString(defconfig, ISO_8859_1));
            String arch = "sandbox";
            while (lines.find()) {
                String name = lines.group(1).toLowerCase(Locale.ROOT);
                if (name.equals("arm64")) {
                    return "aarch64";
                }
                arch = ARCHES.contains(name) ? name.replaceAll("^ppc$", "powerpc") : arch;
            }
            return arch;
        } catch (IOException e) {
            return "sandbox"; // no such defconfig: make will say so better
        }
    }

    @Override
    public StepResult judge(BuildTarget target, StepResult result) {
        boolean onlyMissingBlobs = result.code() == 2 && result.stderr().contains("Some images are invalid");
        return MakeCommand.judge(onlyMissingBlobs ? new StepResult(0, result.stdout(), result.stderr()) : result);
    }

    /** {@code uboot.env}: the default environment, as it is in the object that holds it. */
    @Override
    public void collect(BuildTarget target, Collector collector) throws IOException {
        Optional<Toolchain> toolchain = target.toolchain();
        if (!collector.succeeded() || toolchain.isEmpty()) {
            return;
        }
        for (String object : List.of("env/built-in.o", "env/common.o")) {
            Path path = target.outputDir().resolve(object);
            if (Files.isRegularFile(path) && !isThinArchive(path)) {
                Path extracted = target.outputDir().resolve("uboot.env.buildboss");
                Files.deleteIfExists(extracted);
                collector.run(List.of(
                        toolchain.get().tool("objcopy"),
                        "-O",
                        "binary",
                        "-j",
                        ENVIRONMENT_SECTION,
                        object,
                        extracted.toString()));
                if (Files.isRegularFile(extracted) && Files.size(extracted) > 0) {
                    collector.file("uboot.env", extracted);
                    return;
                }
            }
        }
    }

    /** objcopy refuses these; they hold names only. */
    private static boolean isThinArchive(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(7), US_ASCII).equals("!<thin>");
        }
    }
}
