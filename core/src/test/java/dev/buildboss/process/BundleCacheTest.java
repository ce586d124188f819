package dev.buildboss.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.spi.WorkerBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCacheTest {

    @TempDir
    Path directory;

    @Test
    void removesWhatAKilledInstallationLeftAndNothingThatIsAtWork() throws IOException {
        WorkerBundle empty = List::of;
        BundleCache cache = new BundleCache(directory, "/nowhere/java");
        Path place = cache.install(empty).directory();
        Path left = Files.writeString(place.resolve("worker.jar123.new"), "half");
        Path atWork = Files.writeString(place.resolve("worker.jar456.new"), "half");
        Path other = Files.writeString(place.resolve("worker.jar"), "whole");
        for (Path old : List.of(left, other)) {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));
        }

        cache.install(empty);

        assertThat(left).doesNotExist();
        assertThat(atWork).exists();
        assertThat(other).exists();
    }
}
