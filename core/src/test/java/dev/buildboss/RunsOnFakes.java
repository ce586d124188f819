package dev.buildboss;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import dev.buildboss.toolchain.HostCompilers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of the real boss and the real result store over workers in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RunsOnFakes {

    /** What the settings of each run are, unless a test has its own. */
    static final String QUICK = "buildboss.boss { reconnect-delay = 1 ms, max-reconnects = 1, quit-timeout = 1 m }";

    ActorSystem<Void> system;

    @TempDir
    Path temp;

    @BeforeAll
    final void startSystem() {
        system = ActorSystem.create(Behaviors.empty(), "runs");
    }

    @AfterAll
    final void stopSystem() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
    }

    final Path out() {
        return temp.resolve("out");
    }

    final BuildRequest request(List<Board> boards, String... hashes) {
        List<Commit> commits = new ArrayList<>();
        for (String hash : hashes) {
            commits.add(new Commit(hash, "a subject"));
        }
        return BuildRequest.of(Path.of("/nowhere/.git"), boards, commits, out());
    }

    /** Machines by name, each running existing workers. */
    static List<Machine> existing(String... names) {
        return Arrays.stream(names)
                .map(name -> new Machine(name, "host", 2, "~/w", Optional.empty(), List.of("bm", "--worker")))
                .toList();
    }

    final BuildReport run(
            String settings, BuildRequest request, List<Machine> machines, Function<Machine, FakeFleet.Worker> workers)
            throws Exception {
        return run(settings, request, machines, new FakeFleet(system, workers));
    }

    final BuildReport run(String settings, BuildRequest request, List<Machine> machines, FakeFleet fleet)
            throws Exception {
        try (BuildScheduler scheduler = BuildScheduler.builder()
                .settings(Settings.of(ConfigFactory.parseString(settings)))
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .compilers(archs -> HostCompilers.NONE)
                .actorSystem(system)
                .build()) {
            return scheduler
                    .start(request, machines)
                    .report()
                    .toCompletableFuture()
                    .get(Waits.LIMIT_S, TimeUnit.SECONDS);
        }
    }

    /** Every file below a directory, by its path from there, in order. */
    static List<String> filesBelow(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> !Files.isDirectory(path))
                    .map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
