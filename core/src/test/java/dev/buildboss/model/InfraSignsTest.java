package dev.buildboss.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.CellOutcome.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfraSignsTest {
    private static final long PLENTY = 1L << 40;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n",
                "make[1]: *** [Makefile:9: drivers/x.o] Killed\n",
                "make[2]: *** [scripts/Makefile.build:3: x.o] Error 137\n",
                "cc1: out of memory allocating 65536 bytes after a total of 1 bytes\n",
                "virtual memory exhausted: Cannot allocate memory\n",
                "collect2: fatal error: ld terminated with signal 9 [Killed]\n",
                "make: vfork: Cannot allocate memory\n",
                "make: wait: No child processes.  Stop.\n",
                "as: x.o: Input/output error\n",
            })
    void blamesTheMachineForWhatIsNotTheSourcesFault(String stderr) {
        assertThat(InfraSigns.of(stderr, PLENTY, 0)).contains(Reason.INFRASTRUCTURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tmp/ccX.s: fatal error: error writing to x: No space left on device\n",
                "ld: final link failed: No space left on device\n",
                "cp: error writing 'u-boot': Disk quota exceeded\n",
            })
    void tellsAFullDisk(String stderr) {
        assertThat(InfraSigns.of(stderr, PLENTY, 0)).contains(Reason.DISK_FULL);
    }

    @Test
    void takesADiskWithoutSpaceAsFullWhateverWasSaid() {
        assertThat(InfraSigns.of("make: *** Error 1\n", 4096, 0)).contains(Reason.DISK_FULL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a.c:1:2: error: 'x' undeclared\nmake: *** [Makefile:1: a.o] Error 1\n",
                "../a.c:5:9: warning: unused variable 'Killed'\nmake: *** [a.o] Error 2\n",
                "  5 |   puts(\"No space left on device\");\nmake: *** [a.o] Error 2\n",
                "",
            })
    void leavesAVerdictOnTheSourceAlone(String stderr) {
        assertThat(InfraSigns.of(stderr, PLENTY, 0)).isEmpty();
    }

    @Test
    void blamesTheKernelsOomKillerUnlessTheCompilerFoundAnError() {
        assertThat(InfraSigns.of("make: *** [a.o] Error 1\n", PLENTY, 1)).contains(Reason.INFRASTRUCTURE);
        assertThat(InfraSigns.of("../a.c:1:2: error: no\n", PLENTY, 1)).isEmpty();
    }
}
