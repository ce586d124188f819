package dev.buildboss.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buildboss.BuildbossException;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.simulate.SimFleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("ssh")
class DemoFleetTest {

    @TempDir
    Path dir = Path.of("");

    private DemoFleet fleet = new DemoFleet(Path.of("none"));

    @BeforeEach
    void needsSshd() {
        assumeTrue(
                Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")
                        .map(Path::of)
                        .anyMatch(Files::isExecutable),
                "no sshd here: install openssh-server");
        fleet = new DemoFleet(dir.resolve("fleet"));
    }

    @AfterEach
    void end() throws IOException {
        fleet.down();
    }

    private String on(String machine, String command) throws IOException, InterruptedException {
        Process ssh = new ProcessBuilder(
                        "ssh", "-F", fleet.sshConfig().toString(), "-o", "LogLevel=ERROR", machine, command)
                .redirectErrorStream(true)
                .start();
        ssh.getOutputStream().close();
        String said = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ssh.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void eachMachineBelievesInItsCoresAndItsSpeed() throws Exception {
        fleet.up(SimFleet.of("test", "7x0.5 1x2"));
        assertThat(Files.getPosixFilePermissions(fleet.directory()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(on("m1", "nproc; echo $BUILDBOSS_DEMO_SPEED; cat \"$JAVA_HOME/bin/java\""))
                .startsWith("7\n500\n")
                .contains("-XX:ActiveProcessorCount=7 \"$@\"");
        assertThat(on("m2", "nproc; echo $BUILDBOSS_DEMO_SPEED; echo ~"))
                .startsWith("1\n2000\n" + fleet.directory().toRealPath());
        assertThat(fleet.settings()).contains("m1 {}\n", "m2 {}\n");
        assertThatThrownBy(() -> fleet.up(SimFleet.of("test", "1")))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("end it first: boss fleet down");
    }

    @Test
    void endsItsServersAndWhatHangsFromThem() throws Exception {
        fleet.up(SimFleet.of("test", "1"));
        long pid = fleet.states().get(0).pid();
        assertThat(pid).isPositive();
        Process session = new ProcessBuilder("ssh", "-F", fleet.sshConfig().toString(), "m1", "echo there; exec cat")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(session.getInputStream().read()).isEqualTo('t');

        fleet.down();

        assertThat(session.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(commandLine(pid)).isEmpty();
        assertThat(fleet.states()).allMatch(state -> state.pid() == 0);
        assertThat(fleet.isUp()).isFalse();
        fleet.down(); // nothing left: fine
    }

    /** Empty when it is gone, or nobody has reaped it yet. */
    private static String commandLine(long pid) throws IOException {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isPresent()) {
                throw e;
            }
            return ""; // also where it is reaped between the file's opening and its reading: that is no missing file
        }
    }

    /** Each start takes other ports, now and then one that another machine of the fleet had before. */
    @Test
    void startsAgainOnPortsThatOtherMachinesHadBefore() throws Exception {
        fleet.up(SimFleet.of("test", "1 1"));
        String other = Files.readString(fleet.directory().resolve("sshd/m2/host_key.pub"));
        fleet.down();
        Files.write(
                fleet.directory().resolve("known_hosts"),
                IntStream.range(20_000, 31_000)
                        .mapToObj(port -> "[127.0.0.1]:" + port + " " + other.strip())
                        .toList());

        fleet.up(SimFleet.of("test", "1"));

        assertThat(on("m1", "echo there")).isEqualTo("there\n");
    }

    @Test
    void aStaleFileNeverEndsSomebodyElsesProcess() throws Exception {
        fleet.up(SimFleet.of("test", "1"));
        long server = fleet.states().get(0).pid();
        Path files = fleet.directory().resolve("sshd/m1");
        Process other = new ProcessBuilder(
                        "bash",
                        "-c",
                        "read -r line",
                        files.resolve("sshd_config").toString())
                .start();
        String since = Long.toString(ThisProcess.startTicks(other.pid()) - 1);
        // The same id and even the same words, but another start: a process that came after a restart of the computer.
        Files.writeString(files.resolve("process"), other.pid() + " " + since + "\n");
        Files.writeString(files.resolve("sshd.pid"), other.pid() + "\n");

        assertThat(fleet.isUp()).isFalse();
        fleet.down();
        assertThat(other.isAlive()).isTrue();

        other.destroy();
        ProcessHandle.of(server).ifPresent(ProcessHandle::destroy);
    }

    @Test
    void leavesADirectoryAloneThatIsNoFleets() throws IOException {
        Files.createDirectories(fleet.directory());
        Files.writeString(fleet.directory().resolve("thesis.txt"), "dear");
        assertThatThrownBy(() -> fleet.up(SimFleet.of("test", "1")))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("is no demo fleet's and not empty; name another with --dir");
        assertThatThrownBy(() -> new DemoFleet(dir.resolve("a b")).up(SimFleet.of("test", "1")))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("characters that sshd's configuration can't hold");
        assertThat(List.of(fleet.directory().toFile().list())).containsExactly("thesis.txt");
    }
}
