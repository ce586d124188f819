package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.spi.WorkerChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine without Java, over a real OpenSSH server: the runtime of this JDK is sent, once. */
class SshRuntimeTest extends SshLinkBed {

    private static final String NO_PLACES = "buildboss.runtimes.places = []";

    @BeforeAll
    void onlyWithAJdk() {
        assumeTrue(Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods")), "a JRE can't make runtimes");
    }

    @Override
    Sshd server(Path place) throws IOException {
        return Sshd.start(place, "SetEnv SHLVL=2 PATH=" + BareHost.programs(place.resolve("programs")));
    }

    @BeforeEach
    void nothingThere() throws IOException {
        Sshd.run(List.of("rm", "-rf", sshd.home().toString()));
        Files.createDirectories(sshd.home());
    }

    private List<String> start(String... more) throws Exception {
        String[] all = Stream.concat(Stream.of(NO_PLACES), Stream.of(more)).toArray(String[]::new);
        var link = link("jsch", machine(), all);
        WorkerChannel channel = await(link.start(launch()));
        Talk talk = new Talk(channel);
        assertThat(talk.hear()).isEqualTo("BM> {\"resp\":\"ready\"}");
        talk.in.complete();
        assertThat(talk.hear()).isEqualTo("(end)");
        await(link.tidy());
        return channel.notes();
    }

    private List<Path> cache() throws IOException {
        try (Stream<Path> all = Files.list(sshd.home().resolve(".cache/buildboss"))) {
            return all.sorted().toList();
        }
    }

    private Path runtime() throws IOException {
        return cache().stream()
                .filter(d -> Files.exists(d.resolve("bin/java")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sendsItsOwnRuntimeOnceAndOnlyToItsOneDirectory() throws Exception {
        assertThat(start())
                .singleElement()
                .asString()
                .matches("has no Java: a runtime \\(.+, \\d+\\.\\d MiB\\) was sent in .+ s");

        assertThat(cache()).hasSize(2).allMatch(d -> d.getFileName().toString().matches("[0-9a-f]{32}"));
        assertThat(Files.getPosixFilePermissions(runtime())).hasSize(3);
        assertThat(runtime().resolve(".buildboss")).content().isEqualTo("runtime\n");
        try (Stream<Path> home = Files.list(sshd.home())) {
            assertThat(home.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder(".cache", "w" + runs);
        }
        try (Stream<Path> dot = Files.list(sshd.home().resolve(".cache"))) {
            assertThat(dot).hasSize(1);
        }

        assertThat(start()).isEmpty();
        assertThat(cache()).hasSize(2);
    }

    @Test
    void sendsItAgainWhereAFileOfItWasChanged() throws Exception {
        start();
        Files.writeString(runtime().resolve("conf/net.properties"), "# changed\n");

        assertThat(start()).hasSize(1);
        assertThat(runtime().resolve("conf/net.properties")).content().isNotEqualTo("# changed\n");
    }

    @Test
    void startsInSpiteOfADamagedArchiveOfTheRuntimesClasses() throws Exception {
        start();
        Path archive = runtime().resolve("lib/server/classes.jsa");
        assertThat(archive).exists();
        Files.setPosixFilePermissions(archive, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.write(archive, new byte[65536]);

        assertThat(start()).isEmpty();
        assertThat(archive).doesNotExist();
    }

    @Test
    void saysWhatWouldHelpWhereItMayNotSendOne() {
        assertThatThrownBy(() -> start("buildboss.runtimes.ship = false"))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("needs a Java 17+ runtime: none found")
                .hasMessageContaining("runtimes.ship = true");
    }

    @Test
    void doesNotPutItsOwnInPlaceOfAJavaThatTheSettingsName() {
        Machine machine = new Machine("m1", "m1", 0, "~/w" + runs, Optional.of("/nowhere/java"), List.of());

        assertThatThrownBy(() -> await(link("jsch", machine, NO_PLACES).start(launch())))
                .hasMessageContaining("/nowhere/java is not there");
        assertThat(sshd.home().resolve(".cache/buildboss")).satisfies(cache -> {
            try (Stream<Path> all = Files.list(cache)) {
                assertThat(all).noneMatch(d -> Files.exists(d.resolve("bin/java")));
            }
        });
    }
}
