package dev.buildboss.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KbuildRecipeTest {

    private static final Map<String, String> SETTINGS =
            Map.of("images", "[\"vmlinux\"]", "kept", "[\"*.map\",\"images/*\"]", "targets", "[]");

    private final KbuildRecipe recipe = new KbuildRecipe();

    @TempDir
    private Path tree;

    private BuildTarget target(String board, String arch, BuildOptions options, Map<String, String> settings) {
        return new BuildTarget(
                board, arch, List.of("W=1"), options, settings, tree, tree.resolve("build"), 2, Optional.empty());
    }

    private static List<String> lines(List<BuildStep> steps) {
        return steps.stream().map(step -> String.join(" ", step.argv())).toList();
    }

    private void file(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static BuildOptions adjusted(String change) {
        return BuildOptions.DEFAULT.withChanges(new BuildChanges(
                List.of(change), List.of("tiny"), "", false, false, false, false, false, "", Optional.empty()));
    }

    @Test
    void buildsALinuxBoardForItsArchitecture() throws IOException {
        file("arch/arm64/configs/defconfig", "");
        file("scripts/kconfig/Makefile", "olddefconfig:\n");
        BuildTarget board = target("arm64-defconfig", "aarch64", BuildOptions.DEFAULT, SETTINGS);
        assertThat(lines(recipe.configure(board, true)))
                .containsExactly(
                        "make O=build -s -j 2 NPROC=2 ARCH=arm64 W=1 mrproper",
                        "make O=build -s -j 2 NPROC=2 ARCH=arm64 W=1 defconfig");
        assertThat(lines(recipe.build(board))).containsExactly("make O=build -s -j 2 NPROC=2 ARCH=arm64 W=1");
        assertThat(recipe.toolchainArch(board)).contains("aarch64");
    }

    @Test
    void buildsATreeWithoutArchitecturesForTheHostAndNamesNoneToMake() throws IOException {
        file("configs/small_defconfig", "");
        BuildTarget board = target("small", "sandbox", BuildOptions.DEFAULT, SETTINGS);
        assertThat(lines(recipe.configure(board, false)))
                .containsExactly("make O=build -s -j 2 NPROC=2 W=1 small_defconfig");
        assertThat(lines(recipe.build(board))).containsExactly("make O=build -s -j 2 NPROC=2 W=1");
        assertThat(recipe.toolchainArch(board)).contains("sandbox");
        assertThat(recipe.toolchainArch(target("small", "", BuildOptions.DEFAULT, SETTINGS)))
                .contains("sandbox");
    }

    @Test
    void settlesAChangedConfigurationAsTheTreeCan() throws IOException {
        file("configs/small_defconfig", "");
        file("scripts/kconfig/Makefile", "oldconfig:\n");
        BuildTarget old = target("small", "sandbox", adjusted("FOO"), SETTINGS);
        assertThat(lines(recipe.configure(old, false))).first().asString().endsWith(" small_defconfig tiny.config");
        assertThat(lines(recipe.configure(old, false))).last().asString().endsWith(" oldconfig");
        file("scripts/kconfig/Makefile", "olddefconfig:\n");
        assertThat(lines(recipe.configure(old, false))).last().asString().endsWith(" olddefconfig");
    }

    @Test
    void saysWhichChangeDidNotHold() throws IOException {
        file("build/.config", "# CONFIG_FOO is not set\n");
        assertThat(recipe.misconfigured(target("small", "", adjusted("FOO"), SETTINGS)))
                .hasValueSatisfying(words -> assertThat(words).contains("FOO", "Kconfig made it"));
        file("build/.config", "CONFIG_FOO=y\n");
        assertThat(recipe.misconfigured(target("small", "", adjusted("FOO"), SETTINGS)))
                .isEmpty();
    }

    @Test
    void makesTheTargetsOfItsSettingsAndMeasuresItsImages() {
        BuildTarget board = target(
                "small", "", BuildOptions.DEFAULT, Map.of("targets", "[\"zImage\",\"dtbs\"]", "images", "vmlinux"));
        assertThat(lines(recipe.build(board))).first().asString().endsWith(" W=1 zImage dtbs");
        assertThat(recipe.outputs(board).images()).containsExactly("vmlinux");
        assertThat(recipe.outputs(target("small", "", BuildOptions.DEFAULT, SETTINGS))
                        .kept())
                .containsExactly("*.map", "images/*");
        assertThat(recipe.toolchainArch(board)).contains("sandbox");
    }

    @Test
    void configurationFilesOfEitherKindCallForConfiguringAfresh() {
        BuildTarget board = target("small", "", BuildOptions.DEFAULT, SETTINGS);
        assertThat(List.of("drivers/Kconfig", "shell/Config.in", "configs/small_defconfig", "kernel/hardening.config"))
                .allMatch(path -> recipe.reconfigures(board, path));
        assertThat(List.of("Makefile", "drivers/tty/tty.c")).noneMatch(path -> recipe.reconfigures(board, path));
    }

    @Test
    void namesASettingThatIsNoList() {
        BuildTarget board = target("small", "", BuildOptions.DEFAULT, Map.of("targets", "[{\"a\":1}]"));
        assertThatThrownBy(() -> recipe.build(board))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("targets: must be a list of texts");
    }
}
