package dev.buildboss.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTest {

    @Test
    void isThatOfTheFileSystemAndPlentyWhereNothingIs(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThat(FreeSpace.of(directory)).isBetween(1L, Long.MAX_VALUE - 1);
        assertThat(FreeSpace.of(file)).isBetween(1L, Long.MAX_VALUE - 1);
        assertThat(FreeSpace.of(directory.resolve("gone"))).isEqualTo(Long.MAX_VALUE);
    }
}
