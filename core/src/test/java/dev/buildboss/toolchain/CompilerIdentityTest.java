package dev.buildboss.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.model.Compiler;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class CompilerIdentityTest {

    @TempDir
    Path root;

    private final ProcessRunner runner = new ProcessRunner(Duration.ofMillis(200));

    @AfterEach
    void close() {
        runner.close();
    }

    /** A compiler that was configured with that prefix and says that it is where it is. */
    private Path compiler(String place, String configuredPrefix, String version, String specs) throws IOException {
        Path file = root.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                #!/bin/sh
                case $1 in
                    -dumpfullversion) echo %2$s ;;
                    -dumpmachine) echo arm-linux-gnueabi ;;
                    -dumpspecs) echo '%3$s' ;;
                    -v) { echo "COLLECT_GCC=$0"; echo "COLLECT_LTO_WRAPPER=${0%%/*}/lto-wrapper"
                          echo "Reading specs from ${0%%/bin/*}/lib/specs"
                          echo "Configured with: /build/$$/configure --prefix=%1$s --with-sysroot=%1$s/sys"
                          echo "gcc version %2$s"; } >&2 ;;
                    *) exit 1 ;;
                esac
                """.formatted(configuredPrefix, version, specs));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private Compiler identity(Path gcc) {
        return new ToolchainCheck(runner).identity(gcc).orElseThrow();
    }

    @Test
    void isTheSameWhereverTheCompilerIsInstalled() throws IOException {
        Compiler one = identity(compiler("home/a/tc/bin/arm-linux-gcc", "/opt/x", "12.2.0", "*asm: -mfpu=vfp"));
        Compiler other =
                identity(compiler("srv/[b] $1/bin/arm-linux-gcc", "/home/me/x-tools", "12.2.0", "*asm: -mfpu=vfp"));

        assertThat(one.version()).isEqualTo("12.2.0");
        assertThat(one.target()).isEqualTo("arm-linux-gnueabi");
        assertThat(one.identity()).hasSize(16).isEqualTo(other.identity());
        assertThat(one.isLike(other, Compiler.Likeness.IDENTICAL)).isTrue();
    }

    @Test
    void isAnotherWhereSpecsDifferThoughNameAndVersionAreTheSame() throws IOException {
        Compiler one = identity(compiler("a/bin/arm-linux-gcc", "/opt/x", "12.2.0", "*asm: -mfpu=vfp"));
        Compiler other = identity(compiler("b/bin/arm-linux-gcc", "/opt/x", "12.2.0", "*asm: -mfpu=neon"));

        assertThat(one.isLike(other, Compiler.Likeness.IDENTICAL)).isFalse();
        assertThat(one.isLike(other, Compiler.Likeness.SAME_VERSION)).isTrue();
        assertThat(one.difference(other))
                .isEqualTo("another build of 12.2.0 arm-linux-gnueabi there (" + other.path() + ")");
    }

    @Test
    void tellsVersionsApartInWords() throws IOException {
        Compiler one = identity(compiler("a/bin/arm-linux-gcc", "/opt/x", "12.2.0", ""));
        Compiler other = identity(compiler("b/bin/arm-linux-gcc", "/opt/x", "13.1.0", ""));

        assertThat(one.isLike(other, Compiler.Likeness.SAME_VERSION)).isFalse();
        assertThat(one.isLike(other, Compiler.Likeness.ANY)).isTrue();
        assertThat(one.difference(other)).isEqualTo("13.1.0 there, 12.2.0 here");
    }

    @Test
    void hasNoneForACompilerThatDoesNotWork() throws IOException {
        Path broken = compiler("a/bin/arm-linux-gcc", "/opt/x", "12.2.0", "");
        Files.writeString(broken, "#!/bin/sh\necho 'cannot execute' ; exit 1\n");

        assertThat(new ToolchainCheck(runner).identity(broken)).isEmpty();
        assertThat(new ToolchainCheck(runner).identity(root.resolve("nowhere-gcc")))
                .isEmpty();
    }

    private Toolchains toolchains(Map<String, Compiler> wanted) {
        ToolchainSearch search =
                ToolchainSearch.look(new Settings.Toolchains(List.of(root + "/*"), Map.of(), Map.of()), "", root);
        return new Toolchains(search, new ToolchainCheck(runner), Map.of(), wanted);
    }

    @Test
    void takesTheOneThatTheBossHasBeforeTheBetterName() throws IOException {
        Path better = compiler("a/bin/arm-elf-gcc", "/opt/x", "13.1.0", "");
        Path same = compiler("a/bin/arm-linux-gcc", "/opt/x", "12.2.0", "");
        Compiler wanted = new Compiler(
                "/elsewhere/arm-gcc",
                "12.2.0",
                "arm-linux-gnueabi",
                identity(same).identity());

        assertThat(toolchains(Map.of()).find("arm").map(Toolchain::gcc)).contains(better);
        assertThat(toolchains(Map.of("arm", wanted)).find("arm").map(Toolchain::gcc))
                .contains(same);
        Compiler gone = new Compiler("/elsewhere/arm-gcc", "9.1.0", "arm-linux-gnueabi", "1");
        assertThat(toolchains(Map.of("arm", gone)).find("arm").map(Toolchain::gcc))
                .contains(better);
    }

    @Test
    void passesOverABrokenOneAndNamesItOnce() throws IOException {
        Path broken = compiler("a/bin/arm-elf-gcc", "/opt/x", "13.1.0", "");
        Files.writeString(broken, "#!/bin/sh\nexit 127\n");
        Path works = compiler("a/bin/arm-linux-gcc", "/opt/x", "12.2.0", "");
        Toolchains found = toolchains(Map.of());

        assertThat(found.find("arm").map(Toolchain::gcc)).contains(works);
        assertThat(found.all().get("arm").compiler().version()).isEqualTo("12.2.0");
        assertThat(found.broken()).containsExactly(broken.toString());
    }

    @Test
    void knowsTheComputersOwnCompilers() {
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")));
        HostCompilers found = HostCompilers.find(
                new Settings.Toolchains(List.of(), Map.of(), Map.of()), List.of("sandbox", "no-such"));

        assertThat(found.byArch()).containsOnlyKeys("sandbox");
        assertThat(Optional.of(found.byArch().get("sandbox").identity())).isNotEqualTo(Optional.of(""));
    }
}
