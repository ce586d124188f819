package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in where, and what is said otherwise: host keys, login keys, jump hosts, broken and frozen connections. */
@Tag("ssh")
class SshAccessTest {

    @TempDir
    Path dir;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Sshd sshd;
    private Path knownHosts;

    @BeforeEach
    void start() {
        sshd = sshd("m1");
        knownHosts = dir.resolve("known_hosts");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private Sshd sshd(String name, String... lines) {
        Sshd server = Sshd.start(dir.resolve(name), lines);
        open.add(server);
        return server;
    }

    private MachineLink link(String transport, String config, String... more) throws IOException {
        Files.writeString(dir.resolve("ssh_config"), config);
        WorkerTransport ssh = SshTransports.create(Settings.of(ConfigFactory.parseString("buildboss.ssh { transport = "
                + transport + ", config-file = \"" + dir.resolve("ssh_config")
                // Generous: the computer may be busy with other tests.
                + "\", connect-timeout = 60 s }\nbuildboss.probe { connect-timeout = 60 s, timeout = 2 m }\n"
                + String.join("\n", more))));
        open.add(ssh);
        return ssh.link(new Machine("m1", "m1", 0, "~/w", Optional.empty(), List.of()));
    }

    private String hostSection() {
        return sshd.hostSection("m1", knownHosts);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private String hostLine() throws IOException {
        String[] words = Files.readString(sshd.hostPublicKey()).split(" ");
        return "[127.0.0.1]:" + sshd.port() + " " + words[0] + " " + words[1];
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void refusesAChangedHostKeyAndSaysWhere(String transport) throws Exception {
        Sshd.key(dir.resolve("other"));
        String[] words = Files.readString(dir.resolve("other.pub")).split(" ");
        String line = "[127.0.0.1]:" + sshd.port() + " " + words[0] + " " + words[1] + "\n";
        Files.writeString(knownHosts, "# mine\n" + line);

        assertThatThrownBy(() -> await(link(transport, hostSection()).probe()))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining(knownHosts + ":2");
        assertThat(Files.readString(knownHosts)).isEqualTo("# mine\n" + line);
    }

    @Test
    void saysHowToRemoveAChangedHostKey() throws Exception {
        Files.writeString(knownHosts, "[127.0.0.1]:" + sshd.port() + " ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==\n");

        assertThatThrownBy(() -> await(link("jsch", hostSection()).probe()))
                .hasMessageContaining("ssh-keygen -f " + knownHosts + " -R '[127.0.0.1]:" + sshd.port() + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void refusesUnknownHostKeysWhenStrictAndTakesKnownOnes(String transport) throws Exception {
        String strict = "buildboss.ssh.strict-host-key-checking = yes";

        assertThatThrownBy(() -> await(link(transport, hostSection(), strict).probe()))
                .isInstanceOf(MachineException.class);
        Files.writeString(knownHosts, hostLine() + "\n");

        assertThat(await(link(transport, hostSection(), strict).probe()).threads())
                .isPositive();
        assertThat(Files.readAllLines(knownHosts)).hasSize(1);
    }

    @Test
    void recordsOneLineForManyLinksAtOnce() throws Exception {
        List<MachineLink> links = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            links.add(link("jsch", hostSection()));
        }
        List<CompletionStage<?>> probes = new ArrayList<>();
        links.forEach(link -> probes.add(link.probe()));
        for (CompletionStage<?> probe : probes) {
            await(probe);
        }

        assertThat(Files.readAllLines(knownHosts)).containsExactly(hostLine());
    }

    @Test
    void refusesAnEncryptedKeyInWords() throws Exception {
        Path key = dir.resolve("secret");
        Sshd.run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "passphrase", "-f", key.toString()));
        String config = hostSection().replace(sshd.clientKey().toString(), key.toString());

        assertThatThrownBy(() -> await(link("jsch", config).probe()))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("the key " + key + " is encrypted and no agent holds it");
    }

    @Test
    void logsInByAnAgent() throws Exception {
        Path socket = dir.resolve("agent.sock");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .start();
        open.add(agent::destroyForcibly);
        agent.getInputStream().read();
        ProcessBuilder adding =
                new ProcessBuilder("ssh-add", "-q", sshd.clientKey().toString());
        adding.environment().put("SSH_AUTH_SOCK", socket.toString());
        assertThat(adding.start().waitFor()).isZero();
        String config = hostSection()
                .replace("IdentityAgent none", "IdentityAgent " + socket)
                .replace("IdentitiesOnly yes", "IdentitiesOnly no")
                .replace("IdentityFile " + sshd.clientKey(), "IdentityFile " + dir.resolve("no_key"));

        assertThat(await(link("jsch", config).probe()).threads()).isPositive();
    }

    @Test
    void saysWhenNoKeyFits() throws Exception {
        Sshd.key(dir.resolve("stranger"));
        String config = hostSection()
                .replace(sshd.clientKey().toString(), dir.resolve("stranger").toString());

        assertThatThrownBy(() -> await(link("jsch", config).probe()))
                .hasMessageContaining("m1: login as")
                .hasMessageContaining("was refused");
        assertThatThrownBy(() -> await(link("ssh", config).probe())).hasMessageContaining("Permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void saysWhenAHostRefusesOrIsNotKnown(String transport) throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String refusing = hostSection().replace("Port " + sshd.port(), "Port " + free);
        assertThatThrownBy(() -> await(link(transport, refusing).probe()))
                .hasMessageStartingWith("m1: ")
                .hasMessageContaining("Connection refused");
        String nowhere = hostSection().replace("HostName 127.0.0.1", "HostName no.such.host.invalid");

        assertThatThrownBy(() -> await(link(transport, nowhere).probe())).hasMessageContaining("no.such.host.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void givesUpOnAHostThatSaysNothing(String transport) throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            String config = hostSection().replace("Port " + sshd.port(), "Port " + silent.getLocalPort());
            long start = System.nanoTime();

            assertThatThrownBy(() ->
                            await(link(transport, config, "buildboss.probe { connect-timeout = 1 s, timeout = 8 s }")
                                    .probe()))
                    .isInstanceOf(MachineException.class);
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(120));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void goesThroughAJumpHost(String transport) throws Exception {
        Sshd gate = sshd("gate", "AllowTcpForwarding yes");
        // The ssh program does not hand its own options on to the hop.
        String config = gate.hostSection("gate", knownHosts)
                + "    StrictHostKeyChecking accept-new\n"
                + hostSection()
                + "    ProxyJump gate\n";

        assertThat(await(link(transport, config).probe()).threads()).isPositive();

        assertThat(gate.log()).contains("Accepted publickey");
        assertThat(Files.readAllLines(knownHosts)).hasSize(2);
        gate.close();
        assertThatThrownBy(() -> await(link(transport, config).probe())).isInstanceOf(MachineException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noticesAFrozenServer(boolean jump) throws Exception {
        Sshd gate = sshd("gate", "AllowTcpForwarding yes");
        String config = gate.hostSection("gate", knownHosts)
                + hostSection()
                + "    ServerAliveInterval 2\n    ServerAliveCountMax 2\n"
                + (jump ? "    ProxyJump gate\n" : "");
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "test");
        open.add(system::terminate);
        WorkerChannel channel = await(link("jsch", config).start(launch()));
        Source.<ByteString>maybe().runWith(channel.input(), system);
        CompletionStage<?> ended = channel.output().runWith(Sink.ignore(), system);

        for (ProcessHandle process : sshd.connections()) {
            Sshd.run(List.of("kill", "-STOP", String.valueOf(process.pid())));
        }

        assertThatThrownBy(() -> await(ended)).hasMessageContaining("broke");
    }

    @Test
    void worksWhereAConnectionMayHaveOneSession() throws Exception {
        Sshd narrow = sshd("narrow", "MaxSessions 1");
        MachineLink link = link("jsch", narrow.hostSection("m1", knownHosts));
        Path source = TestRepository.create(dir.resolve("src"), 1);

        await(link.probe());
        await(link.start(launch())).kill();
        await(link.push(new SourcePush(source.resolve(".git"), TestRepository.commits(source))));
        await(link.tidy());

        assertThat(TestRepository.refs(narrow.home().resolve("w"))).containsExactly(SourcePusher.LAST_REF);
    }

    @Test
    void resolvesIncludedFilesByTheSshProgram() throws Exception {
        Files.writeString(dir.resolve("included"), hostSection());

        assertThat(await(link("jsch", "Include " + dir.resolve("included") + "\n")
                                .probe())
                        .threads())
                .isPositive();
    }

    private static WorkerLaunch launch() {
        return new WorkerLaunch(TestBundle.create("1"), Optional.empty(), Optional.empty(), false, Map.of());
    }
}
