package dev.buildboss.ssh;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import java.io.IOException;
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
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real OpenSSH server, links to it by both transports, and a way to talk to the stand-in for the worker. */
@Tag("ssh")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SshLinkBed {

    /** Of each wait; it only decides how late a failure shows. */
    static final long LIMIT_S = 120;

    @TempDir
    static Path dir;

    Path work;
    Sshd sshd;
    private ActorSystem<Void> system;
    private final List<AutoCloseable> open = new ArrayList<>();
    static int runs;

    @BeforeAll
    void startServer() throws IOException {
        sshd = server(dir.resolve("sshd"));
        system = ActorSystem.create(Behaviors.empty(), "test");
    }

    /** The server; a test may want another. */
    Sshd server(Path place) throws IOException {
        return Sshd.start(place);
    }

    @AfterAll
    void stopServer() {
        system.terminate();
        sshd.close();
    }

    @BeforeEach
    void newPlace() throws IOException {
        work = Files.createDirectories(dir.resolve("run" + ++runs));
        Files.writeString(work.resolve("ssh_config"), sshd.hostSection("m1", work.resolve("known_hosts")));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        open.clear();
    }

    Settings settings(String transport, String... more) {
        return Settings.of(ConfigFactory.parseString("buildboss.ssh { transport = " + transport + ", config-file = \""
                + work.resolve("ssh_config")
                // Generous: the computer may be busy with other tests.
                + "\", connect-timeout = 60 s }\nbuildboss.boss.ready-timeout = 5 m\nbuildboss.probe { connect-timeout = 60 s, timeout = 2 m }\n"
                + String.join("\n", more)));
    }

    MachineLink link(String transport, Machine machine, String... more) {
        WorkerTransport ssh = SshTransports.create(settings(transport, more));
        MachineLink link = ssh.link(machine);
        open.add(link);
        open.add(ssh);
        return link;
    }

    Machine machine() {
        return new Machine("m1", "m1", 0, "~/w" + runs, Optional.empty(), List.of());
    }

    Path workDir() {
        return sshd.home().resolve("w" + runs);
    }

    static WorkerLaunch launch() {
        return new WorkerLaunch(TestBundle.create("1"), Optional.empty(), Optional.empty(), false, Map.of());
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** A worker with its streams as queues of lines. */
    final class Talk {
        final BoundedSourceQueue<ByteString> in;
        final SinkQueueWithCancel<String> out;
        final SinkQueueWithCancel<String> err;

        Talk(WorkerChannel channel) {
            in = Source.<ByteString>queue(16)
                    .toMat(channel.input(), Keep.left())
                    .run(system);
            out = lines(channel.output());
            err = lines(channel.errors());
        }

        private SinkQueueWithCancel<String> lines(Source<ByteString, ?> bytes) {
            return bytes.via(Framing.delimiter(ByteString.fromString("\n"), 1 << 20))
                    .map(ByteString::utf8String)
                    .runWith(Sink.<String>queue(1), system);
        }

        void say(String line) {
            in.offer(ByteString.fromString(line + "\n"));
        }

        String hear() throws Exception {
            return await(out.pull()).orElse("(end)");
        }
    }
}
