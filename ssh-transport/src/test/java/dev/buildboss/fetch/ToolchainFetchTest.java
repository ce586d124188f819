package dev.buildboss.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildbossException;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fetching from a web server on loopback, with archives whose compiler is a shell script. */
class ToolchainFetchTest {

    private static final String TARGET = "arm-linux-gnueabi";
    private static final String PLACE = ".buildman-toolchains/gcc-13.2.0-nolibc/arm-linux-gnueabi";

    @TempDir
    Path home;

    private TestMirror mirror;

    @BeforeEach
    void startServer() throws IOException {
        mirror = new TestMirror();
    }

    @AfterEach
    void stopServer() {
        mirror.close();
    }

    private Settings settings(String... more) {
        return Settings.of(ConfigFactory.parseString(
                "buildboss.fetch { url = \"" + mirror.url() + "\", attempts = 2 }\n" + String.join("\n", more)));
    }

    private Path fetch(String arch, String... more) {
        Settings settings = settings(more);
        Crosstool index = Crosstool.of(settings);
        Archive archive = index.find(arch, "x86_64", Optional.empty());
        try (ToolchainFetch fetch = open(settings, index)) {
            return fetch.install(archive);
        }
    }

    private ToolchainFetch open(Settings settings, Crosstool index) {
        return ToolchainFetch.open(index, settings.fetch(), home, "x86_64", Clock.systemUTC(), FetchProgress.NONE);
    }

    /** Files of the toolchains' directory, but for those in place. */
    private List<String> leftOver() throws IOException {
        Path top = home.resolve(".buildman-toolchains");
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString())
                    .filter(name -> !name.startsWith("gcc-") && !name.endsWith("lock"))
                    .sorted()
                    .toList();
        }
    }

    private void good() throws IOException {
        mirror.archive(
                "x86_64",
                "13.2.0",
                TARGET,
                TestArchive.xz().compiler("13.2.0", TARGET).bytes());
    }

    @Test
    void putsACompilerWhereUsersKnowIt() throws IOException {
        good();

        Path gcc = fetch("arm");

        assertThat(gcc)
                .isEqualTo(home.resolve(PLACE + "/bin/arm-linux-gnueabi-gcc"))
                .isExecutable();
        assertThat(home.resolve(PLACE + "/bin/arm-linux-gnueabi-cc")).isSymbolicLink();
        assertThat(home.resolve(PLACE + "/libexec/plugin").toRealPath()).isEqualTo(gcc.toRealPath());
        assertThat(leftOver()).isEmpty();
        assertThat(home.resolve(".buildman-toolchains/.fetch")).doesNotExist();
    }

    @Test
    void takesTheNewestThatHasTheArchitecture() throws IOException {
        good();
        mirror.archive("x86_64", "9.5.0", TARGET, new byte[10]);
        mirror.archive(
                "x86_64",
                "14.1.0",
                "riscv64-linux",
                TestArchive.xz().compiler("14.1.0", "riscv64-linux").bytes());
        Crosstool index = Crosstool.of(settings());

        assertThat(index.find("arm", "x86_64", Optional.empty()).version()).isEqualTo("13.2.0");
        assertThat(index.find("riscv", "x86_64", Optional.empty()).target()).isEqualTo("riscv64-linux");
        assertThat(index.find("arm", "x86_64", Optional.of("9.5.0")).version()).isEqualTo("9.5.0");
        assertThat(index.all("x86_64")).extracting(Archive::version).containsExactly("14.1.0");
        assertThatThrownBy(() -> index.find("vax", "x86_64", Optional.empty()))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("no compiler for 'vax' to run on x86_64")
                .hasMessageContaining("it has arm, riscv64");
    }

    @Test
    void goesOnWhereAConnectionBroke() throws IOException {
        good();
        mirror.breakOff(1);

        fetch("arm");

        assertThat(mirror.requests()).filteredOn(r -> r.contains(".tar.xz")).hasSize(2);
        assertThat(mirror.requests()).last().asString().contains(" bytes=");
        assertThat(home.resolve(PLACE)).isDirectory();
    }

    @Test
    void theNextRunGoesOnWhereOneWasGivenUp() throws IOException {
        good();
        mirror.breakOff(2);
        assertThatThrownBy(() -> fetch("arm"))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("broke off")
                .hasMessageContaining("goes on from there");
        assertThat(leftOver()).containsExactly(".fetch/x86_64-gcc-13.2.0-nolibc-arm-linux-gnueabi.tar.xz.part");
        assertThat(home.resolve(PLACE)).doesNotExist();
        int before = mirror.requests().size();

        fetch("arm");

        assertThat(mirror.requests().subList(before, mirror.requests().size()))
                .filteredOn(r -> r.contains(".tar.xz"))
                .singleElement()
                .asString()
                .contains(" bytes=");
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void startsAgainWhereAPartIsOfAnotherFile() throws IOException {
        good();
        Path making = Files.createDirectories(home.resolve(".buildman-toolchains/.fetch"));
        Files.writeString(making.resolve("x86_64-gcc-13.2.0-nolibc-arm-linux-gnueabi.tar.xz.part"), "something else");

        fetch("arm");

        assertThat(home.resolve(PLACE)).isDirectory();
    }

    @Test
    void refusesABadChecksum() throws IOException {
        byte[] content = TestArchive.xz().compiler("13.2.0", TARGET).bytes();
        mirror.archive("x86_64", "13.2.0", TARGET, content, "0".repeat(64));

        assertThatThrownBy(() -> fetch("arm"))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("x86_64-gcc-13.2.0-nolibc-arm-linux-gnueabi.tar.xz: its checksum is wrong")
                .hasMessageContaining(TestArchive.sha256(content));
        assertThat(leftOver()).isEmpty();
        assertThat(home.resolve(PLACE)).doesNotExist();
        // One that is published must be right, verify or not.
        assertThatThrownBy(() -> fetch("arm", "buildboss.fetch.verify = false"))
                .hasMessageContaining("checksum is wrong");
    }

    @Test
    void refusesAMissingChecksumUnlessTold() throws IOException {
        mirror.file(
                "x86_64/13.2.0/x86_64-gcc-13.2.0-nolibc-" + TARGET + ".tar.xz",
                TestArchive.xz().compiler("13.2.0", TARGET).bytes());

        assertThatThrownBy(() -> fetch("arm"))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("no checksum is published")
                .hasMessageContaining("--no-verify");
        assertThat(leftOver()).isEmpty();

        assertThat(fetch("arm", "buildboss.fetch.verify = false")).isExecutable();
    }

    @Test
    void namesAFileThatIsNotThere() throws IOException {
        good();
        Settings settings = settings();
        Crosstool index = Crosstool.of(settings);
        Archive gone = index.find("arm", "x86_64", Optional.empty());
        Archive other = new Archive(
                gone.host(),
                gone.version(),
                gone.target(),
                java.net.URI.create(gone.uri() + ".old.tar.xz"),
                gone.sha256());
        try (ToolchainFetch fetch = open(settings, index)) {
            assertThatThrownBy(() -> fetch.install(other)).hasMessage(other.uri() + ": there is no such file");
        }
        assertThat(leftOver()).isEmpty();
    }

    static Stream<Arguments> bad() throws IOException {
        String root = "gcc-13.2.0-nolibc/" + TARGET + "/";
        return Stream.of(
                new Arguments("a path with ..", compiler().file(root + "../../../evil", "x", 0755)),
                new Arguments("an absolute path", compiler().file("/tmp/evil", "x", 0755)),
                new Arguments("a link that leads out", compiler().link(root + "bin/out", "../../../../evil")),
                new Arguments("a link that leads out", compiler().link(root + "bin/a", "../lib/../../../../evil")),
                new Arguments("a link to /etc", compiler().link(root + "bin/etc", "/etc")),
                new Arguments(
                        "is no directory", compiler().link(root + "way", "lib").file(root + "way/x", "x", 0644)),
                new Arguments("a hard link to", compiler().same(root + "bin/passwd", "../../etc/passwd")),
                new Arguments("a hard link to", compiler().same(root + "bin/passwd", "etc/passwd")),
                new Arguments("neither a file", compiler().special(root + "dev", TarConstants.LF_BLK, "")),
                new Arguments("neither a file", compiler().special(root + "pipe", TarConstants.LF_FIFO, "")),
                new Arguments("it comes twice", compiler().file(root + "lib/bulk", "x", 0644)));
    }

    private static TestArchive compiler() throws IOException {
        return TestArchive.xz().compiler("13.2.0", TARGET);
    }

    record Arguments(String why, TestArchive archive) {}

    @ParameterizedTest
    @MethodSource("bad")
    void refusesMembersByNameThatLeadOut(Arguments arguments) throws IOException {
        mirror.archive("x86_64", "13.2.0", TARGET, arguments.archive().bytes());

        assertThatThrownBy(() -> fetch("arm"))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("arm-linux-gnueabi.tar.xz: member '")
                .hasMessageContaining(arguments.why());
        assertThat(leftOver()).isEmpty();
        assertThat(home.resolve(PLACE)).doesNotExist();
        assertThat(home.resolve("evil")).doesNotExist();
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        good();

        assertThatThrownBy(() -> fetch("arm", "buildboss.fetch.max-unpacked = 100 KiB"))
                .hasMessageContaining("lib/bulk' is refused: more than 100.0 KiB unpacked (fetch.max-unpacked)");
        assertThatThrownBy(() -> fetch("arm", "buildboss.fetch.max-archive = 10 KiB"))
                .hasMessageContaining("larger than 10.0 KiB (fetch.max-archive)");
        assertThatThrownBy(() -> fetch("arm", "buildboss.fetch.max-members = 3"))
                .hasMessageContaining("more than 3 members (fetch.max-members)");
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void saysWhatIsNoArchive() throws IOException {
        byte[] whole = compiler().bytes();
        mirror.archive("x86_64", "13.2.0", TARGET, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> fetch("arm")).hasMessageContaining("it is no archive, or a damaged one");
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void refusesACompilerThatDoesNotRun() throws IOException {
        mirror.archive(
                "x86_64",
                "13.2.0",
                TARGET,
                TestArchive.xz()
                        .file("bin/arm-linux-gnueabi-gcc", "#!/bin/sh\necho 'no such libc' >&2\nexit 1\n", 0755)
                        .bytes());

        assertThatThrownBy(() -> fetch("arm"))
                .hasMessageContaining("its compiler does not run here")
                .hasMessageContaining("no such libc");
        assertThat(leftOver()).isEmpty();
        assertThat(home.resolve(PLACE)).doesNotExist();
    }

    @Test
    void keepsTheCompilerThatIsThereUntilTheNewOneIs() throws IOException {
        good();
        Path gcc = fetch("arm");
        mirror.archive("x86_64", "13.2.0", TARGET, new byte[100]);
        assertThatThrownBy(() -> fetch("arm")).hasMessageContaining("no archive");
        assertThat(gcc).isExecutable();

        good();
        Files.writeString(gcc, "#!/bin/sh\necho changed\n");
        fetch("arm");

        assertThat(gcc).content().contains("-dumpmachine");
    }

    @Test
    void readsADirectoryOfThisComputer(@TempDir Path tree) throws IOException {
        Path at = Files.createDirectories(tree.resolve("x86_64/12.1.0"));
        byte[] content = TestArchive.gz().compiler("12.1.0", "sh4-linux").bytes();
        Files.write(at.resolve("x86_64-gcc-12.1.0-nolibc-sh4-linux.tar.gz"), content);
        Files.writeString(
                at.resolve("sha256sums.asc"),
                TestArchive.sha256(content) + "  x86_64-gcc-12.1.0-nolibc-sh4-linux.tar.gz\n");

        assertThat(fetch("sh", "buildboss.fetch.url = \"" + tree.toUri() + "\""))
                .isExecutable();
    }

    @Test
    void isOneAtATime() throws IOException {
        good();
        Settings settings = settings();
        Crosstool index = Crosstool.of(settings);
        try (ToolchainFetch first = open(settings, index)) {
            assertThatThrownBy(() -> open(settings, index)).hasMessageContaining("another boss fetches");
            assertThat(first.isInstalled(index.find("arm", "x86_64", Optional.empty())))
                    .isFalse();
        }
        open(settings, index).close();
    }

    @Test
    void packsTheSameFilesToTheSameBytes() throws IOException {
        good();
        Settings settings = settings();
        Crosstool index = Crosstool.of(settings);
        Archive archive = index.find("arm", "x86_64", Optional.empty());
        String first;
        try (ToolchainFetch fetch = open(settings, index)) {
            first = fetch.parcel(archive).sha256();
            assertThat(home.resolve(PLACE)).doesNotExist();
            fetch.install(archive);
        }
        try (ToolchainFetch fetch = open(settings, index)) {
            assertThat(fetch.parcel(archive).sha256()).isEqualTo(first);
        }
        assertThat(mirror.requests()).filteredOn(r -> r.contains(".tar.xz")).hasSize(1);
        assertThat(leftOver()).isEmpty();
    }
}
