package dev.buildboss.boards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardListTest {

    private static final String CFG = """
            # Status, Arch, CPU, SoC, Vendor, Board, Target, Config, Maintainers
            Active   arm      armv7  zynq   xilinx    zynq      zynq_a   zynq-common  A B <a@b.c>:C D <c@d.e>
            Active   arm      armv7  mx6    freescale mx6       mx6sabre -            -
            Active   powerpc  mpc85xx -     freescale corenet   T2080    -            -
            Orphan   arm      armv7  -      old       old       oldie    -            -
            Active   sandbox  -      -      -         sandbox   sandbox  sandbox
            """;

    private static List<String> choose(BoardChoice choice) {
        return choice.from(BoardList.parse(CFG, "boards.cfg")).stream()
                .map(Board::target)
                .toList();
    }

    private static BoardChoice terms(String... terms) {
        return new BoardChoice(List.of(terms), List.of(), List.of());
    }

    @Test
    void readsTheColumnsOfBoardsCfg() {
        assertThat(BoardList.parse(CFG, "boards.cfg").find("zynq_a"))
                .contains(new Board(
                        "zynq_a",
                        "arm",
                        "armv7",
                        "zynq",
                        "xilinx",
                        "zynq",
                        "zynq-common",
                        "A B <a@b.c>:C D <c@d.e>",
                        true));
    }

    @Test
    void namesTheLineThatIsWrong() {
        assertThatThrownBy(() -> BoardList.parse("# x\nActive arm\n", "my.cfg"))
                .isInstanceOf(BuildbossException.class)
                .hasMessageStartingWith("my.cfg:2: a board has 9 columns");
        assertThatThrownBy(() -> BoardList.parse("Active arm - - - - ../x - -\n", "my.cfg"))
                .hasMessageStartingWith("my.cfg:1: not a board name: '../x'");
    }

    @Test
    void choosesAllActiveBoardsWithoutTerms() {
        assertThat(choose(BoardChoice.all())).containsExactly("T2080", "mx6sabre", "sandbox", "zynq_a");
    }

    @Test
    void joinsTermsWithAndAndOr() {
        assertThat(choose(terms("freescale & arm", "sandbox"))).containsExactly("mx6sabre", "sandbox");
        assertThat(choose(terms("freescale", "&", "arm"))).containsExactly("mx6sabre");
        assertThat(choose(terms("freescale&arm"))).containsExactly("mx6sabre");
        assertThat(choose(terms("armv7"))).containsExactly("mx6sabre", "zynq_a");
    }

    @Test
    void matchesTermsAtTheStartOnly() {
        assertThat(choose(terms("zynq"))).containsExactly("zynq_a");
        assertThatThrownBy(() -> choose(terms("ynq_a"))).hasMessage("no boards match: ynq_a (did you mean zynq_a?)");
        assertThatThrownBy(() -> choose(terms("frescale & arm")))
                .hasMessage("no boards match: frescale & arm (did you mean freescale?)");
    }

    @Test
    void excludes() {
        assertThat(choose(new BoardChoice(List.of("arm"), List.of("xilinx", ".*re$"), List.of("sandbox"))))
                .containsExactly("sandbox");
    }

    @Test
    void refusesUnknownAndInactiveNames() {
        assertThatThrownBy(() -> choose(new BoardChoice(List.of(), List.of(), List.of("sandbx"))))
                .hasMessage("unknown board: sandbx (did you mean sandbox?)");
        assertThatThrownBy(() -> choose(new BoardChoice(List.of(), List.of(), List.of("oldie"))))
                .hasMessage("board oldie is not active in the board list");
    }

    @Test
    void refusesTermsThatAreNoExpressions() {
        assertThatThrownBy(() -> choose(terms("a(")))
                .isInstanceOf(BuildbossException.class)
                .hasMessageStartingWith("not a regular expression: a(");
        assertThatThrownBy(() -> choose(terms("&", "arm"))).hasMessageContaining("stands between two terms");
        assertThatThrownBy(() -> choose(terms("arm &"))).hasMessageContaining("stands between two terms");
    }

    @Test
    void tellsArchitecturesOfDefconfigs(@TempDir Path dir) throws IOException {
        write(dir, "configs/plain_defconfig", "# CONFIG_ARM is not set\n");
        write(dir, "configs/old_defconfig", "CONFIG_ARM=y\nCONFIG_ARCH_OLD=y\n");
        write(dir, "configs/new_defconfig", "CONFIG_ARM=y\nCONFIG_TARGET_NEW=y\n");
        write(dir, "configs/maybe_defconfig", "CONFIG_ARM=y\nCONFIG_MAYBE=y\n");
        write(dir, "configs/meson_defconfig", "CONFIG_ARM=y\nCONFIG_ARCH_MESON=y\n");
        write(dir, "configs/meson8_defconfig", "CONFIG_ARM=y\nCONFIG_ARCH_MESON=y\nCONFIG_MESON_8=y\n");
        write(
                dir,
                "arch/arm/mach-meson/Kconfig",
                "if ARCH_MESON\nchoice\n\tprompt \"x\"\n\tdefault MESON_GX\nconfig MESON_8\n\tbool\n"
                        + "config MESON_GX\n\tbool \"x\"\n\tselect ARM64\nendchoice\nendif\n");
        write(dir, "configs/power_defconfig", "CONFIG_PPC=y\n");
        write(dir, "configs/sub/inner_defconfig", "CONFIG_X86=y\n");
        write(
                dir,
                "arch/arm/Kconfig",
                "config ARM64\n\tbool\nconfig ARCH_NEW\n\tbool \"x\"\n\tselect ARM64\n\tselect OTHER\n"
                        + "config MAYBE\n\tselect ARM64 if OTHER\nconfig ARCH_OLD\n\tselect CPU_V7A\n");
        write(dir, "board/acme/new/Kconfig", "if ARCH_NEW\nconfig TARGET_NEW\n\tbool\n\tselect  ARCH_NEW\nendif\n");

        List<Board> boards = BoardList.scan(new DirectoryTree(dir)).all();

        assertThat(boards)
                .containsExactly(
                        Board.of("maybe", "arm"),
                        Board.of("meson", "aarch64"),
                        Board.of("meson8", "arm"),
                        Board.of("new", "aarch64"),
                        Board.of("old", "arm"),
                        Board.of("plain", "sandbox"),
                        Board.of("power", "powerpc"));
    }

    @Test
    void takesMaintainersAndOrphansFromTheirFiles(@TempDir Path dir) throws IOException {
        for (String name : List.of("elm", "elm_a", "elm_b", "oak", "fir")) {
            write(dir, "configs/" + name + "_defconfig", "CONFIG_SANDBOX=y\n");
        }
        write(
                dir,
                "board/acme/elm/MAINTAINERS",
                "ELM BOARD\nM:\tA B <a@b.c>\nM:\tC <c@d.e>\nS:\tMaintained\nF:\tboard/acme/elm/\nF:\tconfigs/elm_defconfig\n"
                        + "F:\tconfigs/elm_?_defconfig\n\nOAK BOARD\n#M:\tNobody\nS:\tOrphan (since 2020)\nS:\tOrphan\nF:\tconfigs/oak_def*\n");

        BoardList list = BoardList.scan(new DirectoryTree(dir));

        assertThat(list.find("elm").orElseThrow().maintainers()).isEqualTo("A B <a@b.c>:C <c@d.e>");
        assertThat(list.find("elm_b").orElseThrow().maintainers()).isEqualTo("A B <a@b.c>:C <c@d.e>");
        assertThat(list.find("fir").orElseThrow().active()).isTrue();
        assertThat(list.find("oak").orElseThrow().active()).isFalse();
    }

    @Test
    void writesWhatItReads() {
        BoardList list = BoardList.parse(CFG, "boards.cfg");
        assertThat(BoardList.parse(list.format(), "again").all()).isEqualTo(list.all());
    }

    @Test
    void parsesTwoThousandBoardsInUnder200MillisecondsOfCpuTime() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append("Active  aarch64     armv8       k3              ti              am62x           board_")
                    .append(i)
                    .append("   am62x_evm       Some Body <some.body@example.org>:Some Other <other@example.org>\n");
        }
        ThreadMXBean cpu = ManagementFactory.getThreadMXBean(); // whatever else this computer does
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // the first ones warm up
            long begun = cpu.getCurrentThreadCpuTime();
            assertThat(BoardList.parse(text.toString(), "boards.cfg").all()).hasSize(2000);
            best = Math.min(best, cpu.getCurrentThreadCpuTime() - begun);
        }
        assertThat(best).isLessThan(200_000_000L);
    }

    @Test
    void followsWhatDefconfigsInclude(@TempDir Path dir) throws IOException {
        write(dir, "configs/base_defconfig", "CONFIG_RISCV=y\n#include <configs/loop_defconfig>\n");
        write(dir, "configs/more.config", "CONFIG_X86=y\n");
        write(dir, "configs/elm_defconfig", "#include <configs/base_defconfig>\nCONFIG_Y=y\n");
        write(
                dir,
                "configs/oak_defconfig",
                "#include \"base_defconfig\"\n# CONFIG_RISCV is not set\n#include <configs/more.config>\n");
        write(dir, "configs/loop_defconfig", "#include <configs/loop_defconfig>\n#include <configs/none>\n");

        assertThat(BoardList.scan(new DirectoryTree(dir)).all())
                .containsExactly(
                        Board.of("base", "riscv"),
                        Board.of("elm", "riscv"),
                        Board.of("loop", "sandbox"),
                        Board.of("oak", "x86"));
    }

    @Test
    void saysWhenATreeHasNoDefconfigs(@TempDir Path dir) {
        assertThatThrownBy(() -> BoardList.scan(new DirectoryTree(dir)))
                .hasMessage(dir + ": no configs/*_defconfig there; give a list of boards with --boards-file FILE");
    }

    private static void write(Path dir, String path, String text) throws IOException {
        Files.createDirectories(dir.resolve(path).getParent());
        Files.writeString(dir.resolve(path), text);
    }
}
