package dev.buildboss.benchmarks;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.WorkerJars;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.ssh.SshTransports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * How long ssh takes: from connect to {@code ready}, and a push, by each transport and pusher. See
 * {@code docs/decisions/0002-git-push.md} for the commands.
 */
public final class SshFiguresMain {

    private static final long LIMIT_SECONDS = 600;

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "figures");
    private final Path config;
    private final String host;
    private final WorkerBundle bundle;
    private int pushes;

    private SshFiguresMain(Path config, String host, Path jar) {
        this.config = config;
        this.host = host;
        this.bundle = WorkerJars.ofFiles(jar);
    }

    /** Arguments: an ssh configuration, a host of it, the worker's jar, a git directory, its last commit, rounds. */
    public static void main(String[] args) throws Exception {
        SshFiguresMain figures = new SshFiguresMain(Path.of(args[0]).toAbsolutePath(), args[1], Path.of(args[2]));
        int rounds = Integer.parseInt(args[5]);
        for (String transport : List.of("jsch", "ssh")) {
            figures.starts(transport, rounds);
            for (String pusher : List.of("git", "jgit")) {
                figures.push(transport, pusher, Path.of(args[3]).toAbsolutePath(), args[4]);
            }
        }
        figures.system.terminate();
    }

    private WorkerTransport transport(String name, String pusher) {
        return SshTransports.create(Settings.of(ConfigFactory.parseString("buildboss.ssh { transport = " + name
                + ", push-with = " + pusher + ", config-file = \"" + config + "\" }")));
    }

    private static Machine machine(String host, String directory) {
        return new Machine(host, host, 0, directory, Optional.empty(), List.of());
    }

    private void starts(String name, int rounds) throws Exception {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i <= rounds; i++) {
            try (WorkerTransport transport = transport(name, "auto");
                    MachineLink link = transport.link(machine(host, "~/figures"))) {
                long start = System.nanoTime();
                WorkerChannel channel = start(link);
                String ready = channel.output()
                        .via(Framing.delimiter(ByteString.fromString("\n"), 1 << 20))
                        .map(ByteString::utf8String)
                        .filter(line -> line.contains("\"ready\""))
                        .runWith(Sink.head(), system)
                        .toCompletableFuture()
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
                times.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                if (i == 0) {
                    System.out.println(name + ": " + ready);
                }
                Source.single(ByteString.fromString("{\"cmd\":\"quit\"}\n", StandardCharsets.UTF_8))
                        .runWith(channel.input(), system);
                channel.exited().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
                link.tidy().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }
        System.out.println(name + ": connect to ready, first " + times.get(0) + " ms (with the bundle and its archive, "
                + "if they were not there); then median of " + rounds + ": "
                + times.subList(1, times.size()).stream().sorted().toList().get(rounds / 2) + " ms of "
                + times.subList(1, times.size()));
    }

    private WorkerChannel start(MachineLink link) throws Exception {
        return link.start(new WorkerLaunch(bundle, Optional.empty(), Optional.empty(), false, Map.of()))
                .toCompletableFuture()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Into an empty repository, and once more when all is there. */
    private void push(String name, String pusher, Path gitDir, String commit) throws Exception {
        try (WorkerTransport transport = transport(name, pusher);
                MachineLink link = transport.link(machine(host, "~/push" + System.nanoTime() + "-" + ++pushes))) {
            WorkerChannel channel = start(link);
            SourcePush push = new SourcePush(gitDir, List.of(commit));
            long whole = link.push(push)
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .durationMs();
            long sent = channel.traffic().sentBytes();
            long again = link.push(push)
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .durationMs();
            channel.kill();
            System.out.println(name + " with " + pusher + ": all " + whole + " ms (" + (sent >> 20) + " MiB), again "
                    + again + " ms");
        }
    }
}
