package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {

    @TempDir
    private Path build;

    private void file(String name) throws IOException {
        Path file = build.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, "");
    }

    private List<String> find(String... globs) throws IOException {
        return KeptFiles.find(build, List.of(globs)).stream()
                .map(path -> build.relativize(path).toString())
                .toList();
    }

    @Test
    void findsFilesInDirectoriesThatAreGlobsThemselves() throws IOException {
        file("arch/arm/boot/zImage");
        file("arch/x86/boot/bzImage");
        file("arch/x86/boot/compressed/vmlinux");
        file("System.map");

        assertThat(find("System.map", "arch/*/boot/*Image*", "arch/*/nowhere/*", "*"))
                .containsExactly("System.map", "arch/arm/boot/zImage", "arch/x86/boot/bzImage", "System.map");
    }

    @Test
    void leavesOutWhatNoResultMayHaveAndLinksToDirectories() throws IOException {
        file("a b.bin");
        file("done");
        file("images/good.bin");
        Files.createSymbolicLink(build.resolve("elsewhere"), build.resolve("images"));
        Files.createSymbolicLink(build.resolve("latest.bin"), build.resolve("images/good.bin"));

        assertThat(find("*", "*/*.bin")).containsExactly("latest.bin", "images/good.bin");
    }

    @Test
    void passesOverWhatIsNotThereOrNoGlob() throws IOException {
        file("good.bin");
        file("sub/good.bin");

        assertThat(find("./good.bin", "sub//good.bin", "{arch/arm,arch/arm64}/boot/zImage", "", "nowhere/*"))
                .containsExactly("good.bin", "sub/good.bin");
        assertThat(KeptFiles.find(build.resolve("gone"), List.of("*", "*/*"))).isEmpty();
    }

    @Test
    void leavesTheBuildsOwnFilesToIt() throws IOException {
        file("log");
        file("err");
        file("sizes");
        file("logs");

        assertThat(find("*")).containsExactly("logs");
    }
}
