package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class FetchCommandTest {

    @TempDir
    Path dir;

    private CliFixture cli;
    private String host;

    @BeforeEach
    void mirror() throws Exception {
        cli = new CliFixture(dir);
        host = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        Path root = dir.resolve("packed/gcc-11.4.0-nolibc/vax-linux/bin");
        Files.createDirectories(root);
        Path gcc = Files.writeString(root.resolve("vax-linux-gcc"), "#!/bin/sh\necho 11.4.0\n");
        Files.setPosixFilePermissions(gcc, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path at = Files.createDirectories(dir.resolve("mirror/" + host + "/11.4.0"));
        String name = host + "-gcc-11.4.0-nolibc-vax-linux.tar.gz";
        Process tar = new ProcessBuilder(
                        "tar",
                        "-C",
                        dir.resolve("packed").toString(),
                        "-czf",
                        at.resolve(name).toString(),
                        ".")
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        Files.writeString(at.resolve("sha256sums.asc"), sha256(at.resolve(name)) + "  " + name + "\n");
        cli.userConfig("buildboss.fetch.url = \"" + dir.resolve("mirror").toUri() + "\"\n");
    }

    private static String sha256(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
        }
    }

    private Path gcc() {
        return cli.home.resolve(".buildman-toolchains/gcc-11.4.0-nolibc/vax-linux/bin/vax-linux-gcc");
    }

    @Test
    void listsAndFetches() {
        assertThat(cli.run("toolchains", "fetch", "list")).isZero();
        assertThat(cli.out).isEqualTo("vax  11.4.0  vax-linux\n");

        assertThat(cli.run("toolchains", "fetch", "vax")).isZero();
        assertThat(cli.out).contains("fetching " + host + "-gcc-11.4.0").endsWith("vax-linux 11.4.0: " + gcc() + "\n");
        assertThat(cli.out).contains("unpacking " + host).doesNotContain("going on");
        assertThat(gcc()).isExecutable();

        assertThat(cli.run("build", "--fetch-arch", "all")).isZero();
        assertThat(cli.out).contains("vax-linux 11.4.0: there already: ");

        assertThat(cli.run("toolchains", "fetch", "vax", "--force", "--json")).isZero();
        assertThat(cli.out)
                .startsWith("{\"arch\":\"vax\",\"target\":\"vax-linux\"")
                .contains("\"version\":\"11.4.0\"");
    }

    @Test
    void namesWhatThereIsNotAndFetchesTheRest() {
        assertThat(cli.run("toolchains", "fetch", "pdp11", "vax")).isEqualTo(1);

        assertThat(cli.err)
                .startsWith("boss: pdp11: no compiler for 'pdp11' to run on " + host)
                .contains("it has vax");
        assertThat(gcc()).isExecutable();
    }

    @Test
    void showsHowFarItIsInOneLineOfATerminal() {
        cli.screen = new Screen(true, false, () -> 60);

        assertThat(cli.run("toolchains", "fetch", "vax")).isZero();

        assertThat(cli.out).contains("\r\u001b[Kfetching ").endsWith("\r\u001b[Kvax-linux 11.4.0: " + gcc() + "\n");
    }

    @Test
    void refusesAWrongUrlOrVersion() throws IOException {
        assertThat(cli.run("toolchains", "fetch", "vax", "--from", "ftp://example.org"))
                .isEqualTo(1);
        assertThat(cli.err).contains("--from").contains("https://, http:// or file:/");

        assertThat(cli.run("toolchains", "fetch", "vax", "--gcc-version", "../.."))
                .isEqualTo(1);
        assertThat(cli.err).contains("not a version of a compiler: '../..'");

        assertThat(cli.run("build", "--machines-fetch-arch")).isEqualTo(1);
        assertThat(cli.err).contains("No machines configured");
        assertThat(Files.exists(gcc())).isFalse();
    }
}
