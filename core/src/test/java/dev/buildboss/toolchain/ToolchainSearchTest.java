package dev.buildboss.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolchainSearchTest {
    @TempDir
    Path root;

    private Path compiler(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private ToolchainSearch look(List<String> paths, Map<String, String> prefixes, String searchPath) {
        Settings.Toolchains settings =
                new Settings.Toolchains(paths, prefixes, Map.of("x86", List.of("i386", "x86_64")));
        return ToolchainSearch.look(settings, searchPath, root);
    }

    @Test
    void namesTheArchitectureByTheFirstPartOfTheName() {
        assertThat(CompilerName.arch("aarch64-linux-gnu-gcc")).contains("aarch64");
        assertThat(CompilerName.arch("gcc")).contains("sandbox");
    }

    @Test
    void ignoresWhatIsNoCrossCompiler() {
        assertThat(CompilerName.arch("x86_64-linux-x86_64-linux-gcc")).isEmpty();
        assertThat(CompilerName.arch("c99-gcc")).isEmpty();
        assertThat(CompilerName.arch("colorgcc")).isEmpty();
    }

    @Test
    void ranksByTheNamesEnd() throws IOException {
        Path gnueabi = compiler("bin/arm-linux-gnueabi-gcc");
        Path elf = compiler("bin/arm-elf-gcc");
        Path odd = compiler("bin/arm-odd-gcc");
        assertThat(look(List.of(), Map.of(), root + "/bin").candidates("arm")).containsExactly(elf, gnueabi, odd);
    }

    @Test
    void searchesGlobsWithTheirBinDirectoriesBelowTheHome() throws IOException {
        Path one = compiler("tc/gcc-12-nolibc/arm-linux/bin/arm-linux-gcc");
        ToolchainSearch found = look(List.of("~/tc/gcc-*/*"), Map.of(), "");
        assertThat(found.candidates("arm")).containsExactly(one);
        assertThat(found.architectures()).containsExactly("arm");
    }

    @Test
    void looksOnceIntoADirectoryOfTwoNames() throws IOException {
        Path one = compiler("usr/bin/arm-linux-gcc");
        Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));

        ToolchainSearch found = look(List.of(), Map.of(), root + "/usr/bin:" + root + "/bin");

        assertThat(found.candidates("arm")).containsExactly(one);
    }

    @Test
    void takesAPrefixOfTheSettingsAlone() throws IOException {
        compiler("bin/arm-linux-gcc");
        ToolchainSearch found = look(List.of(), Map.of("arm", "/opt/arm/bin/arm-none-eabi-"), root + "/bin");
        assertThat(found.candidates("arm")).containsExactly(Path.of("/opt/arm/bin/arm-none-eabi-gcc"));
    }

    @Test
    void followsAliases() throws IOException {
        Path i386 = compiler("bin/i386-linux-gcc");
        ToolchainSearch found = look(List.of(), Map.of(), root + "/bin");
        assertThat(found.candidates("x86")).containsExactly(i386);
        assertThat(found.architectures()).contains("x86");
    }

    @Test
    void isEmptyWhereThereIsNothing() {
        assertThat(look(List.of("/no/such/dir"), Map.of(), root.toString()).isEmpty())
                .isTrue();
    }

    @Test
    void runsTheCompilerByTheWrapperWhereThereIsOne() throws IOException {
        compiler("bin/ccache");
        compiler("bin/arm-linux-gcc");
        Settings.Toolchains ccache =
                new Settings.Toolchains(List.of(), Map.of(), Map.of(), Optional.of("ccache --verbose"));

        Optional<String> here =
                ToolchainSearch.look(ccache, root + "/bin", root).wrapper();

        assertThat(new Toolchain(Path.of("/opt/x/bin/arm-linux-gcc"), "arm", here).environment(Map.of()))
                .containsEntry("CROSS_COMPILE", "ccache --verbose arm-linux-");
        assertThat(ToolchainSearch.look(ccache, "/nowhere", root).wrapper()).isEmpty();
    }

    @Test
    void splitsACompilersPathForTheBuild() {
        Toolchain toolchain = new Toolchain(Path.of("/opt/x/bin/arm-linux-gcc"), "arm");
        assertThat(toolchain.cross()).isEqualTo("arm-linux-");
        assertThat(toolchain.tool("size")).isEqualTo("/opt/x/bin/arm-linux-size");
        assertThat(toolchain.environment(Map.of("PATH", "/bin", "A", "b")))
                .isEqualTo(Map.of("PATH", "/opt/x/bin:/bin", "A", "b", "CROSS_COMPILE", "arm-linux-", "LC_ALL", "C"));
    }
}
