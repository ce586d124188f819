package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty machines far away: an ssh server in this JVM behind fifty ports, each with a round trip of 200 ms. */
@Tag("ssh")
class ManyMachinesProbeTest {

    private static final int MACHINES = 50;
    private static final Duration ROUND_TRIP = Duration.ofMillis(200);
    private static final Duration WANTED = Duration.ofSeconds(5);

    /** The computer may be busy with other tests: what one look takes at best is what the code is to blame for. */
    private static final int LOOKS = 4;

    @TempDir
    Path dir;

    private final List<AutoCloseable> open = new ArrayList<>();
    private SshServer server;

    /** What a machine's shell would say to the probe; that it takes CPU time on fifty machines, and not here, is the point. */
    private static final class ProbeAnswer extends AbstractCommandSupport {
        ProbeAnswer(String command) {
            super(command, null);
        }

        @Override
        public void run() {
            try {
                assertThat(getCommand()).contains("BUILDBOSS-PROBE");
                Instant now = Instant.now();
                String clock = now.getEpochSecond() + "." + String.format("%09d", now.getNano());
                getOutputStream()
                        .write(("BUILDBOSS-PROBE clock " + clock + "\nBUILDBOSS-PROBE system Linux\n"
                                        + "BUILDBOSS-PROBE threads 8\nBUILDBOSS-PROBE version git 2.39.5\n"
                                        + "BUILDBOSS-PROBE clockend " + clock + "\nBUILDBOSS-PROBE end\n")
                                .getBytes(UTF_8));
                getOutputStream().flush();
                onExit(0);
            } catch (IOException | AssertionError e) {
                onExit(1, e.toString());
            }
        }
    }

    @BeforeEach
    void startServer() throws Exception {
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        java.security.KeyPairGenerator keys = java.security.KeyPairGenerator.getInstance("EC");
        keys.initialize(256);
        server.setKeyPairProvider(KeyPairProvider.wrap(keys.generateKeyPair()));
        server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        server.setCommandFactory((channel, command) -> new ProbeAnswer(command));
        server.start();
        open.add(server);
        Sshd.run(List.of(
                "ssh-keygen",
                "-q",
                "-t",
                "ecdsa",
                "-N",
                "",
                "-f",
                dir.resolve("key").toString()));
        StringBuilder config = new StringBuilder();
        for (int i = 0; i < MACHINES; i++) {
            SlowPort port = new SlowPort(server.getPort(), ROUND_TRIP);
            open.add(port);
            config.append("Host m%d\n  HostName 127.0.0.1\n  Port %d\n  User me\n".formatted(i, port.port()));
            config.append("  IdentityFile %s\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile %s\n"
                    .formatted(dir.resolve("key"), dir.resolve("known_hosts")));
        }
        Files.writeString(dir.resolve("config"), config);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void looksAtFiftyMachinesInLessThanFiveSeconds() throws Exception {
        List<Duration> took = new ArrayList<>();
        while (took.size() < LOOKS && took.stream().noneMatch(time -> time.compareTo(WANTED) < 0)) {
            took.add(look());
        }
        System.out.println("probing " + MACHINES + " machines at " + ROUND_TRIP.toMillis() + " ms took " + took);

        assertThat(took).anySatisfy(time -> assertThat(time).isLessThan(WANTED));
    }

    private Duration look() throws Exception {
        // The usual limits but for the connection's: its time is what is measured, on a computer that may be busy.
        Settings settings =
                Settings.of(ConfigFactory.parseString("buildboss { ssh { config-file = \"" + dir.resolve("config")
                        + "\", connect-timeout = 60 s }, " + "probe { connect-timeout = 60 s, timeout = 60 s } }"));
        long begun = System.nanoTime();
        try (JschTransport transport = JschTransport.create(settings)) {
            List<CompletableFuture<MachineFacts>> probes = new ArrayList<>();
            for (int i = 0; i < MACHINES; i++) {
                Machine machine = new Machine("m" + i, "m" + i, 0, "~/w", Optional.empty(), List.of());
                probes.add(transport.link(machine).probe().toCompletableFuture());
            }
            for (CompletableFuture<MachineFacts> probe : probes) {
                MachineFacts facts = probe.get(2, TimeUnit.MINUTES);
                assertThat(facts.threads()).isEqualTo(8);
                assertThat(facts.clock().orElseThrow().surelyOff()).isLessThan(Duration.ofSeconds(1));
            }
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }
}
