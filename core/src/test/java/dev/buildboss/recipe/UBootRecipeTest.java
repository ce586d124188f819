package dev.buildboss.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UBootRecipeTest {
    private final UBootRecipe recipe = new UBootRecipe();

    private static BuildTarget target(BuildOptions options, Path source, Path output, List<String> flags) {
        return new BuildTarget(
                "elm",
                "arm",
                flags,
                options,
                Map.of(),
                source,
                output,
                3,
                Optional.empty(),
                "elm",
                List.of("a.config", "b.config"));
    }

    private static BuildTarget target(BuildOptions options) {
        return target(options, Path.of("/w"), Path.of("/w/build"), List.of());
    }

    private static List<String> lines(List<BuildStep> steps) {
        return steps.stream().map(step -> String.join(" ", step.argv())).toList();
    }

    @Test
    void configuresWithFragmentsAndCleansWhenAsked() {
        assertThat(lines(recipe.configure(target(BuildOptions.DEFAULT), true)))
                .containsExactly(
                        "make O=build -s -j 3 NPROC=3 mrproper",
                        "make O=build -s -j 3 NPROC=3 elm_defconfig a.config b.config");
    }

    @Test
    void namesNoJobsWhereTheWorkerHasAPoolAsThatWouldLeaveIt() {
        BuildTarget alone = target(BuildOptions.DEFAULT);
        BuildTarget shared = new BuildTarget(
                alone.board(),
                alone.arch(),
                List.of(),
                alone.options(),
                alone.settings(),
                alone.sourceDir(),
                alone.outputDir(),
                3,
                Optional.empty(),
                alone.defconfig(),
                List.of(),
                true);
        assertThat(lines(recipe.build(shared))).containsExactly("make O=build -s NPROC=3");
    }

    @Test
    void passesEachArgumentOnlyWithItsSetting() {
        BuildOptions all =
                new BuildOptions(true, true, true, true, true, false, false, false, false, false, true, false, false);
        assertThat(lines(recipe.build(target(BuildOptions.DEFAULT)))).containsExactly("make O=build -s -j 3 NPROC=3");
        BuildTarget flagged = target(all, Path.of("/w"), Path.of("/w/build"), List.of("X=1"));
        assertThat(lines(recipe.build(flagged)))
                .containsExactly("make O=build V=1 -j 3 NPROC=3 KCFLAGS=-Werror HOSTCFLAGS=-Werror"
                        + " BINMAN_ALLOW_MISSING=1 NO_LTO=1 SOURCE_DATE_EPOCH=0 X=1");
    }

    private static BuildOptions changed(BuildChanges changes) {
        return BuildOptions.DEFAULT.withChanges(changes);
    }

    @Test
    void adjustsTheConfigurationAndLetsKconfigCompleteIt() {
        BuildChanges changes = new BuildChanges(
                List.of("FOO", "~CONFIG_BAR", "DELAY=3"),
                List.of("acpi", "c.config"),
                "tools",
                true,
                false,
                false,
                false,
                false,
                "clang-14",
                Optional.empty());
        BuildTarget target = target(changed(changes));

        assertThat(lines(recipe.configure(target, false)))
                .containsExactly(
                        "make O=build -s -j 3 NPROC=3 DTC=dtc elm_defconfig a.config b.config acpi.config c.config",
                        "sh -c " + KconfigAdjust.SCRIPT
                                + " build/.config /^CONFIG_FOO=/d;/^# CONFIG_FOO is not set/d;/^CONFIG_BAR=/d;/^# CONFIG_BAR is not set/d;/^CONFIG_DELAY=/d;/^# CONFIG_DELAY is not set/d CONFIG_FOO=y # CONFIG_BAR is not set CONFIG_DELAY=3",
                        "make O=build -s -j 3 NPROC=3 DTC=dtc olddefconfig");
        assertThat(lines(recipe.build(target))).containsExactly("make O=build -s -j 3 NPROC=3 DTC=dtc tools");
    }

    @Test
    void buildsInTheTreeWithoutAnOutputDirectory() {
        BuildTarget inTree = target(BuildOptions.DEFAULT, Path.of("/w"), Path.of("/w"), List.of());
        assertThat(lines(recipe.build(inTree))).containsExactly("make -s -j 3 NPROC=3");
    }

    @Test
    void beginsWithTheBaseOfAnExtendedBoard() {
        BuildTarget target = new BuildTarget(
                "acpi,elm",
                "sandbox",
                List.of(),
                changed(new BuildChanges(
                        List.of(), List.of(), "", false, false, false, false, false, "clang-14", Optional.empty())),
                Map.of(),
                Path.of("/w"),
                Path.of("/w/build"),
                1,
                Optional.empty(),
                "elm",
                List.of("acpi.config"));

        assertThat(lines(recipe.configure(target, false)))
                .containsExactly("make O=build -s -j 1 NPROC=1 HOSTCC=clang-14 CC=clang-14 elm_defconfig acpi.config");
        assertThat(recipe.reconfigures(target, "configs/elm_defconfig")).isTrue();
        assertThat(recipe.reconfigures(target, "configs/acpi.config")).isTrue();
    }

    @Test
    void namesAnOutputOutsideTheSourceByItsPath() {
        BuildTarget current = target(BuildOptions.DEFAULT, Path.of("/src"), Path.of("/out/00/build"), List.of());
        assertThat(lines(recipe.build(current))).containsExactly("make O=/out/00/build -s -j 3 NPROC=3");
    }

    @Test
    void configuresAfreshForKconfigAndTheBoardsOwnDefconfig() {
        BuildTarget target = target(BuildOptions.DEFAULT);
        assertThat(recipe.reconfigures(target, "drivers/net/Kconfig")).isTrue();
        assertThat(recipe.reconfigures(target, "Kconfig.spl")).isTrue();
        assertThat(recipe.reconfigures(target, "configs/elm_defconfig")).isTrue();
        assertThat(recipe.reconfigures(target, "configs/oak_defconfig")).isFalse();
        assertThat(recipe.reconfigures(target, "drivers/net/ring.c")).isFalse();
    }

    @Test
    void forgivesMissingBlobsAndMarksAnInterruptedMake() {
        BuildTarget target = target(BuildOptions.DEFAULT);
        assertThat(recipe.judge(target, new StepResult(2, "", "Some images are invalid"))
                        .code())
                .isZero();
        assertThat(recipe.judge(target, new StepResult(1, "", "Some images are invalid"))
                        .code())
                .isEqualTo(1);
        assertThat(recipe.judge(target, new StepResult(2, "", "make: wait: No child processes"))
                        .code())
                .isEqualTo(-1);
    }

    @Test
    void tellsAnArchitectureThatTheBossDidNotNameFromTheDefconfig(@TempDir Path tree) throws IOException {
        Files.createDirectories(tree.resolve("configs"));
        Path defconfig = tree.resolve("configs/elm_defconfig");
        BuildTarget nameless = new BuildTarget(
                "elm", "", List.of(), BuildOptions.DEFAULT, Map.of(), tree, tree.resolve("build"), 1, Optional.empty());
        assertThat(recipe.toolchainArch(nameless)).contains("sandbox");
        Files.writeString(defconfig, "CONFIG_SPL=y\nCONFIG_ARM=y\n");
        assertThat(recipe.toolchainArch(nameless)).contains("arm");
        Files.writeString(defconfig, "CONFIG_ARM=y\nCONFIG_ARM64=y\n");
        assertThat(recipe.toolchainArch(nameless)).contains("aarch64");
    }

    @Test
    void seesAKconfigLoopWhateverThePieces() {
        String question = "Widget base address (WIDGET_BASE) [] (NEW) ";
        String text = "* Restart config...\n" + question + "\n" + question;
        for (int size = 1; size < text.length(); size += 7) {
            KconfigLoopWatch watch = new KconfigLoopWatch();
            Optional<String> why = Optional.empty();
            for (int at = 0; at < text.length() && why.isEmpty(); at += size) {
                why = watch.see(text.substring(at, Math.min(text.length(), at + size)));
            }
            assertThat(why.orElse("")).as("pieces of %d", size).contains("WIDGET_BASE");
        }
    }

    @Test
    void takesOneQuestionForNoLoop() {
        KconfigLoopWatch watch = new KconfigLoopWatch();
        assertThat(watch.see("Restart config\nA (FIRST) [] (NEW)\nB (SECOND) [] (NEW)\n"))
                .isEmpty();
        assertThat(watch.see("A word on Restart config, and nothing else\n")).isEmpty();
    }
}
