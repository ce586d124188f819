package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose boss pings: the whole of it in this JVM, with a build that never ends. */
@Tag("process")
class WorkerLifeTest {
    private static ActorSystem<Void> system;

    @TempDir
    Path directory;

    private Path pid;
    private String commit;
    private Peer boss;

    @BeforeAll
    static void startSystem() {
        system = ActorSystem.create(Behaviors.empty(), "worker-life-test");
    }

    @AfterAll
    static void stopSystem() {
        ActorTestKit.shutdown(system);
    }

    @BeforeEach
    void startWorker() throws InterruptedException {
        pid = directory.resolve("pid");
        commit = new GitSandbox(directory).commit("file", "text\n");
        boss = start();
        assertThat(boss.until(Response.Ready.class).features()).contains(Feature.PING);
    }

    private Peer start() {
        Settings settings = Settings.of(ConfigFactory.empty());
        List<BuildRecipe> recipes = List.of(new SleepRecipe(pid));
        return new Peer(system, new WorkerConfig(directory, Optional.empty(), 2, settings, recipes, false, "test"));
    }

    @AfterEach
    void endWorker() throws Exception {
        boss.end();
    }

    private ProcessHandle startBuild() throws Exception {
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"sleep\",\"features\":[\"ping\"]}");
        boss.send("{\"cmd\":\"build_prepare\",\"max_boards\":1,\"commits\":[\"" + commit + "\"]}");
        boss.send("{\"cmd\":\"build_board\",\"board\":\"b\",\"arch\":\"any\"}");
        boss.until(Response.Heartbeat.class);
        Waits.until("a pid", () -> Files.exists(pid));
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    @Test
    void answersAPingBeforeConfigureAndWhileItBuilds() throws Exception {
        boss.send("{\"cmd\":\"ping\"}");
        assertThat(boss.next()).isEqualTo(new Response.Pong());
        startBuild();
        boss.send("{\"cmd\":\"build_done\"}"); // whatever comes after it waits for the board
        boss.send("{\"cmd\":\"ping\"}");
        assertThat(boss.next()).isEqualTo(new Response.Pong());
    }

    @Test
    void readsPingsWhileItsOutputIsStuck() throws Exception {
        startBuild();
        boss.stopReading();
        for (int i = 0; i < 100; i++) {
            boss.send("{\"cmd\":\"build_prepare\",\"commits\":[]}"); // an error to write each time
            boss.send("{\"cmd\":\"ping\"}");
        }

        Waits.until("all is read", () -> boss.unread() == 0);
        boss.goOnReading();
        assertThat(boss.until(Response.Pong.class)).isNotNull();
    }

    @Test
    void endsItselfWithItsMakesAndItsLockWhenABossThatPingedFallsSilent() throws Exception {
        ProcessHandle build = startBuild();
        boss.send("{\"cmd\":\"ping\"}");
        boss.until(Response.Pong.class);
        boss.send("{\"cmd\":\"ping\",\"every_ms\":100}"); // it may end before it has answered this one

        assertThat(boss.exit()).isEqualTo(1);
        build.onExit().get(Waits.LIMIT_S, TimeUnit.SECONDS);
        Peer next = start();
        assertThat(next.next()).isInstanceOf(Response.Ready.class);
        next.end();
    }

    @Test
    void endsItselfThoughNobodyReadsWhatItSays() throws Exception {
        ProcessHandle build = startBuild();
        boss.stopReading();
        boss.send("{\"cmd\":\"build_prepare\",\"commits\":[]}");
        boss.send("{\"cmd\":\"ping\",\"every_ms\":100}");

        assertThat(boss.exit()).isEqualTo(1);
        build.onExit().get(Waits.LIMIT_S, TimeUnit.SECONDS);
        boss.goOnReading();
    }

    @Test
    void quitsThoughNobodyReadsTheAcknowledgement() throws Exception {
        boss.stopReading();
        boss.send("{\"cmd\":\"quit\"}");

        assertThat(boss.exit()).isZero();
        boss.goOnReading();
    }

    /** A build that never ends by itself, and says who it is. */
    private record SleepRecipe(Path pid) implements BuildRecipe {
        @Override
        public String name() {
            return "sleep";
        }

        @Override
        public Optional<String> toolchainArch(BuildTarget target) {
            return Optional.empty();
        }

        @Override
        public List<BuildStep> build(BuildTarget target) {
            String script = "echo $$ >" + pid + ".new; mv " + pid + ".new " + pid + "; exec sleep 86400";
            return List.of(BuildStep.of("sh", "-c", script));
        }

        @Override
        public RecipeOutputs outputs(BuildTarget target) {
            return new RecipeOutputs(List.of(), List.of(), List.of());
        }
    }
}
