package dev.buildboss.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.history.ChangedFiles.Reach;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangedFilesTest {

    @Test
    void countsFilesByWhatTheyMake() {
        ChangedFiles files = ChangedFiles.of(List.of(
                "arch/arm/Kconfig",
                "board/x/Kconfig.debug",
                "drivers/Makefile",
                "arch/arm/u-boot.lds",
                "include/net.h",
                "arch/arm/dts/a.dtsi",
                "net/eth.c",
                "arch/arm/lib/start.S",
                "arch/arm/dts/a.dts",
                "configs/a_defconfig",
                "doc/build.c",
                "README"));

        assertThat(files).isEqualTo(new ChangedFiles(2, 2, 2, 3, 3));
        assertThat(files.reach()).isEqualTo(Reach.CONFIG);
    }

    @Test
    void theWidestKindAndTheNumberOfFilesCount() {
        assertThat(ChangedFiles.of(List.of("README")).reach()).isEqualTo(Reach.NOTHING);
        assertThat(ChangedFiles.of(List.of("a.c", "README")).reach()).isEqualTo(Reach.SOURCES);
        assertThat(ChangedFiles.of(List.of("a.c", "include/a.h")).reach()).isEqualTo(Reach.HEADERS);
        assertThat(ChangedFiles.of(List.of("a.c", "a/Makefile", "a.h")).reach()).isEqualTo(Reach.MAKE);
        assertThat(ChangedFiles.of(Collections.nCopies(3, "a.c")).size()).isEqualTo(0);
        assertThat(ChangedFiles.of(Collections.nCopies(4, "a.c")).size()).isEqualTo(1);
        assertThat(ChangedFiles.of(Collections.nCopies(400, "a.c")).size()).isEqualTo(2);
    }
}
