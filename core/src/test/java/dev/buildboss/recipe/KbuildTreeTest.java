package dev.buildboss.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.boards.DirectoryTree;
import dev.buildboss.model.Board;
import dev.buildboss.recipe.KbuildTree.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KbuildTreeTest {

    @TempDir
    private Path top;

    private void files(String... paths) throws IOException {
        for (String path : paths) {
            Path file = top.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        }
    }

    /** As Linux has them. */
    private void linux() throws IOException {
        files(
                "arch/arm/Kconfig",
                "arch/arm/configs/multi_v7_defconfig",
                "arch/arm/configs/rpc_defconfig",
                "arch/arm64/Kconfig",
                "arch/arm64/configs/defconfig",
                "arch/arm64/configs/hardening.config",
                "arch/mips/Kconfig",
                "arch/mips/configs/rpc_defconfig",
                "arch/um/Kconfig",
                "arch/um/configs/x86_64_defconfig",
                "arch/Kconfig");
    }

    private List<String> boards(List<String> arches, List<String> goals) throws IOException {
        return KbuildTree.of(new DirectoryTree(top)).boards(arches, goals).stream()
                .map(board -> board.target() + ":" + board.arch())
                .toList();
    }

    private Configuration find(String board, String arch) {
        return KbuildTree.at(top).find(board, arch);
    }

    @Test
    void namesTheConfigurationsOfEachArchitecture() throws IOException {
        linux();
        assertThat(boards(List.of(), List.of()))
                .containsExactlyInAnyOrder(
                        "multi_v7:arm", "arm-rpc:arm", "mips-rpc:mips", "arm64-defconfig:aarch64", "x86_64:sandbox");
    }

    @Test
    void addsGoalsThatHaveNoFileForEachArchitecture() throws IOException {
        linux();
        assertThat(boards(List.of(), List.of("allnoconfig")))
                .contains("arm-allnoconfig:arm", "arm64-allnoconfig:aarch64", "um-allnoconfig:sandbox")
                .hasSize(9);
    }

    @Test
    void findsEachBoardAgainInACheckout() throws IOException {
        linux();
        KbuildTree tree = KbuildTree.of(new DirectoryTree(top));
        for (Board board : tree.boards(List.of(), List.of("tinyconfig"))) {
            Configuration there = find(board.target(), board.arch());
            assertThat(there).isEqualTo(tree.find(board.target(), board.arch()));
            assertThat(there.arch()).as(board.target()).isNotEmpty();
        }
        assertThat(find("arm-rpc", "arm")).isEqualTo(new Configuration("arm", "rpc_defconfig"));
        assertThat(find("mips-rpc", "mips")).isEqualTo(new Configuration("mips", "rpc_defconfig"));
        assertThat(find("arm64-defconfig", "aarch64")).isEqualTo(new Configuration("arm64", "defconfig"));
        assertThat(find("um-tinyconfig", "sandbox")).isEqualTo(new Configuration("um", "tinyconfig"));
        assertThat(find("x86_64", "sandbox")).isEqualTo(new Configuration("um", "x86_64_defconfig"));
    }

    @Test
    void aPlainNameIsForTheArchitectureThatTheBoardSays() throws IOException {
        linux();
        assertThat(find("rpc", "mips").arch()).isEqualTo("mips");
        assertThat(find("rpc", "arm").arch()).isEqualTo("arm");
    }

    @Test
    void aTreeWithoutArchitecturesIsBuiltForThisComputer() throws IOException {
        files("configs/small_defconfig", "configs/odd one_defconfig", "arch/i386/Makefile", "Makefile");
        assertThat(boards(List.of(), List.of("allnoconfig")))
                .containsExactlyInAnyOrder("small:sandbox", "allnoconfig:sandbox");
        assertThat(find("small", "sandbox")).isEqualTo(new Configuration("", "small_defconfig"));
        assertThat(find("allnoconfig", "sandbox")).isEqualTo(new Configuration("", "allnoconfig"));
    }

    @Test
    void aTreeWithoutArchitecturesIsBuiltForThoseThatTheUserNames() throws IOException {
        files("configs/small_defconfig");
        assertThat(boards(List.of("arm", "sandbox"), List.of("defconfig")))
                .containsExactlyInAnyOrder(
                        "arm-small:arm", "sandbox-small:sandbox", "arm-defconfig:arm", "sandbox-defconfig:sandbox");
        assertThat(find("arm-small", "arm")).isEqualTo(new Configuration("", "small_defconfig"));
        assertThat(find("sandbox-defconfig", "sandbox")).isEqualTo(new Configuration("", "defconfig"));
    }

    @Test
    void architecturesAreForTreesThatHaveNoneOfTheirOwn() throws IOException {
        linux();
        assertThatThrownBy(() -> boards(List.of("arm"), List.of()))
                .hasMessageStartingWith("arches: arm are set, but this tree has architectures of its own (arm, ")
                .hasMessageEndingWith("leave the setting away, and choose boards by architecture");
    }

    @Test
    void aBoardThatTheTreeHasNotIsLeftToMakeToRefuse() throws IOException {
        files("configs/small_defconfig");
        assertThat(find("large", "sandbox")).isEqualTo(new Configuration("", "large_defconfig"));
    }
}
