package dev.buildboss.boards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendedBoardsTest {

    private static final BoardList BOARDS = BoardList.parse("""
            Active riscv - -  emulation qemu-riscv qemu-riscv64 qemu-riscv -
            Active riscv - -  emulation qemu-riscv qemu-riscv32 qemu-riscv -
            Active arm   - k3 ti        am62x      am62x_a53    am62x      -
            Active arm   - k3 ti        am62x      am62x_r5     am62x      -
            """, "boards.cfg");

    @TempDir
    Path dir;

    @BeforeEach
    void makeTree() throws IOException {
        Files.createDirectories(dir.resolve("configs"));
        for (String fragment : List.of("acpi", "usbdfu", "android")) {
            write(fragment + ".config", "CONFIG_X=y\n");
        }
        write("am62x_a53_defconfig", "CONFIG_ARM=y\nCONFIG_SPL=y\n");
        write("am62x_r5_defconfig", "CONFIG_ARM=y\n# CONFIG_SPL is not set\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(dir.resolve("configs").resolve(name), text);
    }

    private ExtendedBoards.Extended extended(String text) throws IOException {
        write("extended.buildman", text);
        return ExtendedBoards.add(BOARDS, new DirectoryTree(dir));
    }

    private List<String> names(String text) throws IOException {
        return extended(text).list().all().stream()
                .filter(board -> board.base().isPresent())
                .map(Board::target)
                .toList();
    }

    @Test
    void makesBoardsOfNamesWithWildcardsAndOfConfigurations() throws IOException {
        String text = """
                # Build RISC-V with ACPI
                name: acpi_boards
                desc: Build RISC-V QEMU builds with ACPI
                fragment: acpi
                targets:
                  qemu-riscv*

                name: am62x_dfu
                desc: Build Android variant of 'k3' boards, with DFU
                fragment: usbdfu
                fragment: android
                targets:
                  CONFIG_SYS_SOC="k3"
                """;

        BoardList list = extended(text).list();

        assertThat(list.all()).hasSize(8);
        Board board = list.find("am62x_dfu,am62x_r5").orElseThrow();
        assertThat(board.base()).contains(new Board.Base("am62x_r5", List.of("usbdfu.config", "android.config")));
        assertThat(board.arch()).isEqualTo("arm");
        assertThat(board.soc()).isEqualTo("k3");
        assertThat(list.find("acpi_boards,qemu-riscv32")).isPresent();
        assertThat(new BoardChoice(List.of("acpi & riscv"), List.of(), List.of()).from(list))
                .hasSize(2);
    }

    @Test
    void wantsAllOptionsOfASectionToHold() throws IOException {
        String section = "name: x\nfragment: acpi\ntargets:\n CONFIG_SYS_SOC=\"k3\"\n";
        assertThat(names(section + " CONFIG_SPL=y\n")).containsExactly("x,am62x_a53");
        assertThat(names(section + " CONFIG_SPL=n\n")).containsExactly("x,am62x_r5");
        assertThat(names(section + " CONFIG_TPL=y\n")).isEmpty();
    }

    @Test
    void saysWhichSectionsFitNothing() throws IOException {
        assertThat(extended("name: x\nfragment: acpi\ntargets:\n zzz*\n").notes())
                .containsExactly("configs/extended.buildman:1: x fits none of the boards");
        Files.delete(dir.resolve("configs/extended.buildman"));
        assertThat(ExtendedBoards.add(BOARDS, new DirectoryTree(dir)).notes())
                .containsExactly("-X: there are no configs/*.buildman in " + dir);
    }

    @Test
    void namesFileAndLineOfWhatIsWrong() {
        wrong(
                "fragment: acpi\n",
                "configs/extended.buildman:1: not understood: 'fragment: acpi'; a section begins with  name: NAME");
        wrong("name: a b\n", "configs/extended.buildman:1: not a name for extended boards: 'a b'");
        wrong(
                "name: a\nfragment: acip\n",
                "configs/extended.buildman:2: there is no configs/acip.config (did you mean acpi.config?)");
        wrong("name: a\nfragmnt: acpi\n", "configs/extended.buildman:2: not understood: 'fragmnt: acpi'");
        wrong("name: a\nfragment: acpi\n", "configs/extended.buildman:1: a has no targets:");
        wrong("name: a\ntargets:\n x\n", "configs/extended.buildman:1: a has no fragment:");
        wrong("name: a\nfragment: acpi\ntargets:\n x[\n", "configs/extended.buildman:4: not understood: 'x['");
        wrong(
                "name: a\nfragment: acpi\ntargets:\n x\nname: a\nfragment: acpi\ntargets:\n y\n",
                "configs/extended.buildman:5: the name a is taken by configs/extended.buildman:1");
    }

    private void wrong(String text, String message) {
        assertThatThrownBy(() -> extended(text))
                .isInstanceOf(BuildbossException.class)
                .hasMessageStartingWith(message);
    }
}
