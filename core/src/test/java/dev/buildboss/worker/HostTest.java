package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What memory a machine has for builds. */
class HostTest {

    private static final long MIB = 1 << 20;

    @TempDir
    private Path root;

    @Test
    void whatIsAvailableIsNoMoreThanTheControlGroupAllows() throws IOException {
        write("proc/meminfo", "MemTotal:       8000000 kB\nMemFree:         100000 kB\nMemAvailable:   4194304 kB\n");
        assertThat(Host.availableMemory(root)).isEqualTo(4096 * MIB);

        write("proc/self/cgroup", "0::/user/build\n");
        write("sys/fs/cgroup/user/build/memory.max", "max\n");
        assertThat(Host.availableMemory(root)).isEqualTo(4096 * MIB);

        write("sys/fs/cgroup/user/build/memory.max", 1024 * MIB + "\n");
        assertThat(Host.availableMemory(root)).isEqualTo(1024 * MIB);
    }

    @Test
    void isNotKnownWhereTheKernelTellsNothing() {
        assertThat(Host.availableMemory(root)).isZero();
    }

    @Test
    void isKnownHere() {
        assertThat(Host.availableMemory(Path.of("/"))).isPositive();
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }
}
