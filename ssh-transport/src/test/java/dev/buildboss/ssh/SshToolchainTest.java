package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.MachineException;
import dev.buildboss.fetch.Archive;
import dev.buildboss.fetch.Crosstool;
import dev.buildboss.fetch.Delivery;
import dev.buildboss.fetch.FetchProgress;
import dev.buildboss.fetch.TestArchive;
import dev.buildboss.fetch.TestMirror;
import dev.buildboss.fetch.ToolchainFetch;
import dev.buildboss.fetch.ToolchainFetch.Parcel;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetched compilers that are sent to a machine, over a real OpenSSH server. */
class SshToolchainTest extends SshLinkBed {

    private static final String TARGET = "m68k-linux";

    private Path toolchains() {
        return sshd.home().resolve("tools" + runs);
    }

    private interface Work {
        void run(Delivery delivery, Archive archive, Parcel parcel) throws Exception;
    }

    private void with(String transport, Work what) throws Exception {
        String host = Crosstool.host(Sshd.run(List.of("uname", "-m")).strip());
        try (TestMirror mirror = new TestMirror()) {
            mirror.archive(
                    host,
                    "13.2.0",
                    TARGET,
                    TestArchive.xz().compiler("13.2.0", TARGET).bytes());
            String[] more = {
                "buildboss.fetch.url = \"" + mirror.url() + "\"", "buildboss.fetch.directory = \"~/tools" + runs + "\""
            };
            Settings settings = settings(transport, more);
            Crosstool index = Crosstool.of(settings);
            MachineLink link = link(transport, machine(), more);
            Delivery delivery = new Delivery(machine(), link, settings);
            Archive archive = index.find("m68k", delivery.look().host(), Optional.empty());
            try (ToolchainFetch fetch = ToolchainFetch.open(
                    index, settings.fetch(), this.work, host, Clock.systemUTC(), FetchProgress.NONE)) {
                what.run(delivery, archive, fetch.parcel(archive));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void sendsACompilerToAMachineThatLacksIt(String transport) throws Exception {
        with(transport, (delivery, archive, parcel) -> {
            assertThat(delivery.look().compilerFor(List.of("m68k"))).isEmpty();
            List<Long> heard = new ArrayList<>();

            String gcc = delivery.send(archive, parcel, (what, done, total) -> heard.add(done));

            Path place = toolchains().resolve("gcc-13.2.0-nolibc/m68k-linux");
            assertThat(Path.of(gcc))
                    .isEqualTo(place.resolve("bin/m68k-linux-gcc"))
                    .isExecutable();
            assertThat(place.resolve("bin/m68k-linux-cc")).isSymbolicLink();
            assertThat(Files.getPosixFilePermissions(place)).hasSize(7);
            assertThat(heard).startsWith(0L).endsWith(parcel.bytes());
            assertThat(delivery.look().compilerFor(List.of("m68k"))).contains(gcc);
            assertThat(toolchains().resolve(".fetch")).doesNotExist();
        });
    }

    @Test
    void goesOnFromThePartThatIsThere() throws Exception {
        with("jsch", (delivery, archive, parcel) -> {
            Path part = Files.createDirectories(toolchains().resolve(".fetch"))
                    .resolve(parcel.sha256().substring(0, 32) + ".part");
            byte[] whole = Files.readAllBytes(parcel.file());
            Files.write(part, Arrays.copyOf(whole, 70_000));
            List<Long> heard = new ArrayList<>();

            delivery.send(archive, parcel, (what, done, total) -> heard.add(done));

            assertThat(heard).startsWith(70_000L);
            assertThat(toolchains().resolve("gcc-13.2.0-nolibc/m68k-linux/lib/bulk"))
                    .exists();

            Files.createDirectories(part.getParent());
            Files.write(part, new byte[70_000]);
            heard.clear();
            delivery.send(archive, parcel, (what, done, total) -> heard.add(done));
            assertThat(heard).startsWith(0L);
        });
    }

    @Test
    void leavesThePartOfATransferThatBrokeOff() throws Exception {
        with("jsch", (delivery, archive, parcel) -> {
            assertThatThrownBy(() -> delivery.send(archive, parcel, (what, done, total) -> {
                        if (done > 100_000) {
                            awaitPart();
                            sshd.connections().forEach(ProcessHandle::destroyForcibly);
                        }
                    }))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("m1");

            assertThat(toolchains().resolve("gcc-13.2.0-nolibc")).doesNotExist();
            try (var left = Files.list(toolchains().resolve(".fetch"))) {
                assertThat(left).singleElement().asString().endsWith(".part");
            }
        });
    }

    /** The machine has begun to write; it is another process, and may be a while behind. */
    private void awaitPart() {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < end) {
            try (var left = Files.list(toolchains().resolve(".fetch"))) {
                if (left.anyMatch(file -> file.toFile().length() > 0)) {
                    return;
                }
            } catch (IOException notYet) {
                assertThat(notYet).isInstanceOf(NoSuchFileException.class);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Test
    void saysWhyACompilerWasNotTaken() throws Exception {
        with("jsch", (delivery, archive, parcel) -> {
            Files.writeString(toolchains(), "in the way");

            assertThatThrownBy(() -> delivery.send(archive, parcel, FetchProgress.NONE))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("can't make " + sshd.home() + "/tools");
        });
    }

    @Test
    void refusesWhatWasChangedOnTheWay() throws Exception {
        with("jsch", (delivery, archive, parcel) -> {
            Path other = other(parcel);
            Parcel wrong = new Parcel(other, parcel.sha256(), parcel.bytes(), parcel.gcc());

            assertThatThrownBy(() -> delivery.send(archive, wrong, FetchProgress.NONE))
                    .hasMessageContaining("what arrived is not what was sent");
            try (var left = Files.list(toolchains().resolve(".fetch"))) {
                assertThat(left).isEmpty();
            }
        });
    }

    private Path other(Parcel parcel) throws IOException {
        byte[] changed = Files.readAllBytes(parcel.file());
        changed[changed.length / 2] ^= 1;
        return Files.write(work.resolve("changed.tgz"), changed);
    }
}
