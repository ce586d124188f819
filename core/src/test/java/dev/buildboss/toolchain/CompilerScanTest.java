package dev.buildboss.toolchain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Compiler;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("process")
class CompilerScanTest {

    @TempDir
    Path root;

    private static Stream<List<String>> shells() {
        return Stream.of(List.of("sh"), List.of("dash"), List.of("busybox", "sh"), List.of("bash", "--posix"))
                .filter(shell -> Stream.of("/usr/bin", "/bin")
                        .anyMatch(place -> Files.isExecutable(Path.of(place, shell.get(0)))));
    }

    /** A compiler that says who it is; {@code more} is how it was built. */
    private void compiler(String path, String version, String target, String more) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, """
                #!/bin/sh
                case $1 in
                    -dumpfullversion) [ -n "%1$s" ] && echo %1$s ;;
                    -dumpmachine) echo %2$s ;;
                    -v) echo "COLLECT_GCC=$0" >&2; echo 'Configured with: ../configure %3$s' >&2 ;;
                    -dumpspecs) echo '*asm:' ;;
                esac
                """.formatted(version, target, more));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private CompilerScan scan(List<String> shell, Settings.Toolchains settings, String searchPath) throws Exception {
        ShellTask task = new ShellTask("looking", CompilerScan.script(), CompilerScan.arguments(settings), Waits.LIMIT);
        List<String> argv = new ArrayList<>(shell);
        argv.addAll(List.of("-c", task.script(), "sh"));
        argv.addAll(task.arguments());
        ProcessBuilder builder = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HOME", root.toString());
        builder.environment().put("PATH", searchPath + System.getenv("PATH"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return CompilerScan.parse(output, settings).orElseThrow();
    }

    private static Settings.Toolchains settings(List<String> paths, Map<String, String> prefixes) {
        return new Settings.Toolchains(paths, prefixes, Map.of("x86", List.of("i386", "x86_64")));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void findsCompilersAsAWorkerWould(List<String> shell) throws Exception {
        compiler("my tools/gcc-1/arm/bin/arm-zz-linux-gcc", "1.0", "arm", "");
        compiler("path/x86_64-zz-elf-gcc", "3.0", "x86_64", "");
        compiler("path/arch1-linux-gcc", "2.0", "arch1", "");
        compiler("path/arch1-linux-gnueabi-gcc", "2.1", "arch1", "");
        compiler("path/c99-gcc", "9", "c99", "");
        compiler("path/broken-linux-gcc", "", "broken", "");
        compiler("opt/arch2-any-gcc", "4.0", "arch2", "");

        CompilerScan scan = scan(
                shell, settings(List.of("~/my tools/gcc-*/*"), Map.of("arch2", "~/opt/arch2-any-")), root + "/path:");

        assertThat(scan.byArch().get("arch1").version()).as("the better name").isEqualTo("2.0");
        assertThat(scan.byArch().get("arch2").path()).isEqualTo(root + "/opt/arch2-any-gcc");
        assertThat(scan.byArch()).containsKeys("arm", "x86").doesNotContainKeys("x86_64", "c99", "broken");
        assertThat(scan.broken()).containsExactly(root + "/path/broken-linux-gcc");
    }

    @Test
    void tellsBuildsOfOneVersionApartAndNotTheirPlaces() throws Exception {
        compiler("a/arch1-linux-gcc", "12.2.0", "arch1-linux", "--prefix=/usr --with-abi=one");
        compiler("b/arch1-linux-gcc", "12.2.0", "arch1-linux", "--prefix=/opt/elsewhere --with-abi=one");
        compiler("c/arch1-linux-gcc", "12.2.0", "arch1-linux", "--with-abi=two");
        compiler("d/arch1-linux-gcc", "13.1.0", "arch1-linux", "--with-abi=one");
        Settings.Toolchains settings = settings(List.of(), Map.of());
        List<CompilerScan> scans = new ArrayList<>();
        for (String place : List.of("a", "b", "c", "d")) {
            scans.add(scan(List.of("sh"), settings, root + "/" + place + ":"));
        }

        assertThat(scans.get(0).differingIn(scans.get(1))).isEmpty();
        assertThat(scans.get(0).differingIn(scans.get(2)))
                .singleElement()
                .satisfies(one -> assertThat(one.words()).contains("another build of 12.2.0"));
        assertThat(scans.get(0).differingIn(scans.get(3)))
                .singleElement()
                .satisfies(one -> assertThat(one.words()).isEqualTo("arch1: 13.1.0 there, 12.2.0 here"));
        assertThat(scans.get(0)
                        .missingIn(CompilerScan.parse("BUILDBOSS-COMPILER end", settings)
                                .orElseThrow()))
                .contains("arch1");
    }

    @Test
    void takesOfSeveralCompilersTheOneThatIsHereToo() {
        Settings.Toolchains settings = settings(List.of(), Map.of());
        CompilerScan here = scanned(settings, "/usr/bin/arch1-linux-gcc\t12.2.0\tarch1-linux\taa");
        CompilerScan there = scanned(
                settings,
                "/new/arch1-linux-gcc\t13.1.0\tarch1-linux\tbb",
                "/other/arch1-linux-gcc\t12.2.0\tarch1-linux\tcc",
                "/same/arch1-linux-gcc\t12.2.0\tarch1-linux\taa");

        assertThat(there.byArch().get("arch1").path()).isEqualTo("/new/arch1-linux-gcc");
        assertThat(there.closestTo(here.byArch()).get("arch1").path()).isEqualTo("/same/arch1-linux-gcc");
        assertThat(here.differingIn(there)).isEmpty();
        assertThat(there.closestTo(Map.of("arch1", new Compiler("/x-gcc", "12.2.0", "arch1-linux", "dd")))
                        .get("arch1")
                        .path())
                .as("the same version at least")
                .isEqualTo("/other/arch1-linux-gcc");
    }

    private static CompilerScan scanned(Settings.Toolchains settings, String... lines) {
        String said = String.join("\nBUILDBOSS-COMPILER ", lines);
        return CompilerScan.parse("BUILDBOSS-COMPILER " + said + "\nBUILDBOSS-COMPILER end\n", settings)
                .orElseThrow();
    }

    @Test
    void isNoListWhenItWasCutShort() {
        assertThat(CompilerScan.parse("BUILDBOSS-COMPILER /usr/bin/gcc\t12\tx86\t1\n", settings(List.of(), Map.of())))
                .isEmpty();
    }
}
