package dev.buildboss.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.BuildOptions;
import dev.buildboss.spi.BuildTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KconfigAdjustTest {

    @TempDir
    Path tree;

    private BuildTarget target;

    @BeforeEach
    void makeTree() throws IOException {
        Files.createDirectories(tree.resolve("build"));
        Files.createDirectories(tree.resolve("cmd"));
        Files.writeString(
                tree.resolve("cmd/Kconfig"), "menuconfig CMDLINE\n\tbool\nif CMDLINE\n\tconfig CMD_X\n\tbool\nendif\n");
        Files.writeString(tree.resolve("Kconfig"), "source \"cmd/Kconfig\"\n");
        target = new BuildTarget(
                "elm",
                "arm",
                List.of(),
                BuildOptions.DEFAULT,
                Map.of(),
                tree,
                tree.resolve("build"),
                1,
                Optional.empty());
    }

    private Optional<String> unmet(String config, String... changes) throws IOException {
        Files.writeString(tree.resolve("build/.config"), config);
        return KconfigAdjust.unmet(target, List.of(changes));
    }

    @Test
    void isContentWithWhatHolds() throws IOException {
        assertThat(unmet("CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=\"x y\"\n", "A", "~CONFIG_B", "C=\"x y\""))
                .isEmpty();
        assertThat(unmet("", "~CMD_X")).as("not visible, so off").isEmpty();
    }

    @Test
    void aTreeThatCollectsItsOptionsWhileItBuildsIsNotSearchedForThem() throws IOException {
        Files.delete(tree.resolve("Kconfig"));
        assertThat(unmet("", "FRED"))
                .hasValueSatisfying(words -> assertThat(words).contains("FRED").doesNotContain("no such option"));
    }

    @Test
    void namesEachChangeThatDoesNotHoldWithTheReason() throws IOException {
        assertThat(unmet("# CONFIG_A is not set\nCONFIG_C=y\n", "A", "FRED", "~GEORGE", "~C", "CMD_X"))
                .contains("""
                        Changes of the configuration (-a) that did not take effect:
                          A: CONFIG_A=y was asked for; Kconfig made it: # CONFIG_A is not set
                          FRED: CONFIG_FRED=y was asked for; there is no such option in the tree's Kconfig files
                          GEORGE: # CONFIG_GEORGE is not set was asked for; there is no such option in the tree's Kconfig files
                          C: # CONFIG_C is not set was asked for; Kconfig made it: CONFIG_C=y
                          CMD_X: CONFIG_CMD_X=y was asked for; Kconfig left it out: what it depends on is not set
                        """);
    }

    @Test
    void saysNothingBeforeThereIsAConfiguration() throws IOException {
        assertThat(KconfigAdjust.unmet(target, List.of("A"))).isEmpty();
    }

    @Test
    @Tag("process")
    void addsLinesThroughNoShellsInterpretation() throws Exception {
        Path config = tree.resolve("build/.config");
        Files.writeString(config, "CONFIG_A=y\nCONFIG_AB=y\n# CONFIG_S is not set\n");
        String value = "S=\"$(touch hurt) `touch hurt` %s\"";
        Process process = new ProcessBuilder(
                        KconfigAdjust.step(target, List.of("~A", value)).argv())
                .directory(tree.toFile())
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(config).hasContent("CONFIG_AB=y\n# CONFIG_A is not set\nCONFIG_" + value + "\n");
        assertThat(tree.resolve("hurt")).doesNotExist();
    }
}
