package dev.buildboss.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.ArtefactNames;
import dev.buildboss.model.Commit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultLayoutTest {

    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void namesADirectoryByNumberHashAndTheBeginningOfTheSubject() {
        assertThat(name(0, "lib: Print an extra line")).isEqualTo("01_g" + HASH + "_lib--Print-an-extra-");
        assertThat(name(99, "short")).isEqualTo("100_g" + HASH + "_short");
        assertThat(name(8, "")).isEqualTo("09_g" + HASH + "_");
    }

    @Test
    void takesControlAndDirectionCharactersOutAndCutsByCodePoints() {
        assertThat(name(0, "a/b:c\td\ne\u001b[31m")).isEqualTo("01_g" + HASH + "_a-b-c-d-e-[31m");
        assertThat(name(0, "x\u202ey\ud800z")).isEqualTo("01_g" + HASH + "_x-y-z");
        assertThat(name(0, "\ud83d\ude00".repeat(30))).isEqualTo("01_g" + HASH + "_" + "\ud83d\ude00".repeat(20));
    }

    @Test
    void knowsItsOwnNamesAndNoOthers() {
        assertThat(ResultLayout.hashOf(name(0, "anything"))).isEqualTo(Optional.of(HASH));
        assertThat(ResultLayout.hashOf("1_g" + HASH + "_x")).isEmpty();
        assertThat(ResultLayout.hashOf("01_g0123_x")).isEmpty();
        assertThat(ResultLayout.hashOf("backup")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log",
                "err",
                ".config",
                "u-boot.cfg",
                "u-boot-spl.cfg",
                "autoconf.mk",
                "autoconf-spl.mk",
                "autoconf.h",
                "u-boot.sizes",
                "spl-u-boot-spl.objdump",
                "uboot.env",
                "out-env",
                "out-cmd",
                "toolchain",
                "sizes",
                "u-boot",
                "u-boot.map",
                "MLO",
                "SPL",
                "flash.bin",
                "u-boot.itb",
                "busybox",
                "zImage",
                "config=y,old"
            })
    void allowsTheFilesOfAResult(String name) {
        assertThat(ArtefactNames.isAllowed(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "done",
                "host",
                "",
                ".",
                "..",
                "../log",
                "a/log",
                "/etc/passwd",
                ".bashrc",
                "-rf.bin",
                "x\u0000.bin",
                "a\nb.bin",
                "u-boot/../../x",
                "\u202e.bin",
                ".source",
                "DONE",
                "confirmation",
                "err.first",
                "log.first"
            })
    void refusesEverythingElse(String name) {
        assertThat(ArtefactNames.isAllowed(name)).isFalse();
    }

    private static String name(int index, String subject) {
        return ResultLayout.commitDir(index, new Commit(HASH, subject));
    }
}
