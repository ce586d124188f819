package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class ToolchainsListTest {

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void start() throws Exception {
        cli = new CliFixture(temp);
    }

    private Path compiler(String place, String script) throws IOException {
        Path file = cli.home.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static String working(String version) {
        return "case $1 in -dumpfullversion) echo " + version + " ;; -dumpmachine) echo m68k-linux ;; esac";
    }

    @Test
    void showsEachCompilerWithHowItWasFound() throws IOException {
        compiler("tc/gcc-13/bin/m68k-linux-gcc", working("13.1.0"));
        compiler("tc/gcc-12/m68k-odd-gcc", working("12.2.0"));
        compiler("tc/gcc-11/usr/bin/nios2-linux-gcc", "echo no; exit 127");

        int status = cli.run("toolchains", "list", "--set", "toolchains.paths=[\"~/tc/gcc-*\"]");

        assertThat(status).isZero();
        assertThat(cli.out).contains("List of available toolchains (");
        assertThat(cli.out)
                .containsPattern(
                        "m68k +: +\\S+/tc/gcc-13/bin/m68k-linux-gcc +13.1.0 m68k-linux +[0-9a-f]{16} +toolchains.paths: ~/tc/gcc-\\*");
        assertThat(cli.out).containsPattern("m68k +- +\\S+/tc/gcc-12/m68k-odd-gcc +12.2.0");
        assertThat(cli.out).containsOnlyOnce("Does not work: ").contains("/tc/gcc-11/usr/bin/nios2-linux-gcc");
    }

    @Test
    void isKnownByItsOldNameAndAsJson() throws IOException {
        Path gcc = compiler("opt/m68k-elf-gcc", working("9.3.0"));

        int status = cli.run(
                "build",
                "--list-tool-chains",
                "--json",
                "--set",
                "toolchains.prefixes.m68k=\"" + cli.home + "/opt/m68k-elf-\"");

        assertThat(status).isZero();
        assertThat(cli.out)
                .contains("{\"arch\":\"m68k\",\"path\":\"" + gcc
                        + "\",\"works\":true,\"used\":true,\"version\":\"9.3.0\"")
                .contains("\"foundBy\":\"toolchains.prefixes.m68k\"");
    }
}
