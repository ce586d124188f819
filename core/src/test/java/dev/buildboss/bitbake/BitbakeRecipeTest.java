package dev.buildboss.bitbake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildChanges.BuildPlace;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
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

class BitbakeRecipeTest {

    @TempDir
    private Path temp;

    private final BitbakeRecipe recipe = new BitbakeRecipe();

    private BitbakeGroup group(boolean serial) {
        return new BitbakeGroup(
                temp.resolve("poky/build"),
                "qemux86",
                serial,
                List.of("-k", "busybox"),
                temp.resolve("poky"),
                Map.of("local.conf", "X = \"a \\\"quoted\\\" ${word}\"\n"),
                Map.of("BB_NUMBER_THREADS", "4"));
    }

    private BuildTarget target(String machine, boolean here, BitbakeGroup group) {
        SettingsLoader loader = new SettingsLoader().set("recipe", BitbakeRecipe.NAME, "test");
        group.settings().forEach((key, value) -> loader.set(key, value, "test"));
        Settings settings = loader.load().settings();
        Optional<BuildPlace> place = here
                ? Optional.of(new BuildPlace(
                        Optional.of(group.buildDir().toString()),
                        group.buildDir().toString()))
                : Optional.empty();
        return new BuildTarget(
                machine,
                "",
                List.of(),
                BuildOptions.DEFAULT.withChanges(BuildChanges.NONE.withPlace(place)),
                settings.recipeSettings(),
                here ? group.buildDir() : temp.resolve("work/.bm-work/00"),
                here ? group.buildDir() : temp.resolve("work/.bm-work/00/build"),
                1,
                Optional.empty());
    }

    private BuildStep step(String machine, boolean here, boolean serial) {
        return recipe.build(target(machine, here, group(serial))).get(0);
    }

    @Test
    void theSettingsSayAllOfAGroup() {
        BitbakeGroup group = group(true);
        assertThat(BitbakeGroup.of(target("qemux86", true, group).settings())).isEqualTo(group);
    }

    @Test
    void theFirstHasTheOriginalAndEveryOtherOneADirectoryBesideIt() {
        Path original = temp.resolve("poky/build");
        assertThat(step("qemux86", true, false).environment())
                .containsEntry("BUILDDIR", original.toString())
                .containsEntry("BBPATH", original.toString())
                .containsEntry("MACHINE", "qemux86")
                .containsEntry("BB_NUMBER_THREADS", "4");
        assertThat(step("qemuarm", true, false).environment())
                .containsEntry("BUILDDIR", original + "-qemuarm")
                .containsEntry("BBPATH", original + "-qemuarm");
        assertThat(step("qemuarm", true, false).directory()).contains(Path.of(original + "-qemuarm"));
        assertThat(step("qemuarm", true, true).environment()).containsEntry("BUILDDIR", original.toString());
    }

    @Test
    void theCommandIsBitbakesOwnAndLooksAfterItself() {
        assertThat(step("qemux86", true, false).argv()).containsExactly("bitbake", "-k", "busybox");
        assertThat(step("qemux86", true, false).selfLimiting()).isTrue();
    }

    @Test
    void elsewhereTheOriginalIsRefusedAndNoPathIsTheUsersOwn() {
        assertThat(step("qemuarm", false, false).environment())
                .containsEntry("BUILDDIR", temp + "/work/.bm-work/bitbake" + temp + "/poky/build-qemuarm");
        assertThatThrownBy(() -> step("qemux86", false, false))
                .hasMessage("qemux86 is built in " + temp + "/poky/build on the boss's computer and nowhere else");
        assertThatThrownBy(() -> step("qemuarm", false, true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void elsewhereTheTreesScriptSetsTheShellUp() throws IOException {
        Path tree = Files.createDirectories(temp.resolve("work/.bm-work/00"));
        Files.writeString(tree.resolve("oe-init-build-env"), "");
        BuildStep step = step("qemuarm", false, false);
        assertThat(step.directory()).contains(tree);
        assertThat(step.argv().subList(0, 2)).containsExactly("sh", "-c");
        assertThat(step.argv().subList(4, step.argv().size()))
                .containsExactly(
                        "./oe-init-build-env",
                        String.valueOf(step.environment().get("BUILDDIR")),
                        "bitbake",
                        "-k",
                        "busybox");
    }

    @Test
    void confIsMadeAfreshAndALinkToTheOriginalIsNot() throws IOException {
        BitbakeGroup group = group(false);
        Files.createDirectories(group.buildDir().resolve("conf/multiconfig"));
        Files.writeString(group.buildDir().resolve("conf/local.conf"), "new\n");
        Files.writeString(group.buildDir().resolve("conf/multiconfig/a.conf"), "a\n");
        Path other = Files.createDirectories(Path.of(group.buildDir() + "-qemuarm"));
        Path conf = other.resolve("conf");
        Files.createSymbolicLink(conf, group.buildDir().resolve("conf"));

        recipe.prepare(target("qemuarm", true, group));

        assertThat(conf)
                .isDirectory()
                .satisfies(path -> assertThat(Files.isSymbolicLink(path)).isFalse());
        assertThat(conf.resolve("multiconfig/a.conf")).hasContent("a\n");
        assertThat(group.buildDir().resolve("conf/local.conf")).hasContent("new\n");

        Files.createSymbolicLink(Path.of(group.buildDir() + "-qemumips"), group.buildDir());
        assertThatThrownBy(() -> recipe.prepare(target("qemumips", true, group)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is BUILDDIR itself by another name; remove that link");
        assertThat(group.buildDir().resolve("conf/local.conf")).exists();
    }

    @Test
    void pathsOfTheUsersTreeBecomeThoseOfTheMachine() {
        BitbakeGroup group = group(false);
        String poky = temp + "/poky";
        assertThat(BitbakeRecipe.moved(
                        "\"" + poky + "/meta\" " + poky + "/build/x " + poky + "-two /mnt" + poky + " '" + poky + "'",
                        group,
                        Path.of("/w/build-qemuarm"),
                        Path.of("/w/00")))
                .isEqualTo("\"/w/00/meta\" /w/build-qemuarm/x " + poky + "-two /mnt" + poky + " '/w/00'");
    }

    @Test
    void toleratesTwoComplaintsInEitherStreamAndKeepsThem() {
        BuildTarget target = target("qemux86", true, group(false));
        StepResult feeds = new StepResult(1, "a\n", "ERROR: v1 went backwards which would break package feeds\n");
        assertThat(recipe.judge(target, feeds)).isEqualTo(new StepResult(0, feeds.stdout() + feeds.stderr(), ""));
        StepResult compatible = new StepResult(1, "x (not in COMPATIBLE_MACHINE)\n", "");
        assertThat(recipe.judge(target, compatible).code()).isZero();
        StepResult split = new StepResult(1, "not in ", "COMPATIBLE");
        assertThat(recipe.judge(target, split)).isEqualTo(split);
        StepResult real = new StepResult(1, "ERROR: do_compile\n", "traceback\n");
        assertThat(recipe.judge(target, real)).isEqualTo(real);
    }

    @Test
    void aWarningIsWhatBitbakeCallsOne() {
        BuildTarget target = target("qemux86", true, group(false));
        StepResult said = new StepResult(0, "NOTE: a\nWARNING: b\nWARNING: not in COMPATIBLE\n", "progress\n");
        assertThat(recipe.judge(target, said).stderr()).isEqualTo("WARNING: b\n");
        assertThat(recipe.judge(target, said).stdout()).isEqualTo(said.stdout() + said.stderr());
    }

    @Test
    void layersAreReadAsFarAsTheyCanBeTold() {
        Path top = Path.of("/b");
        assertThat(BitbakeLayers.read(
                        "# BBLAYERS = \"/no\"\nBBLAYERS ?= \" \\\n  /a/meta \\\n  ${TOPDIR}/own \\\n \"\n", top))
                .contains(List.of(Path.of("/a/meta"), Path.of("/b/own")));
        assertThat(BitbakeLayers.read("BBLAYERS = '/a'\nBBLAYERS += \"/c\"\n", top))
                .contains(List.of(Path.of("/a"), Path.of("/c")));
        assertThat(BitbakeLayers.read("BBLAYERS = \"${OEROOT}/meta\"\n", top)).isEmpty();
        assertThat(BitbakeLayers.read("require other.conf\n", top)).isEmpty();
    }
}
