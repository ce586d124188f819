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
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker in this JVM, with real git and recipes whose commands are lines of shell. */
@Tag("process")
abstract class WorkerRuns {
    private static ActorSystem<Void> system;

    @TempDir
    Path directory;

    GitSandbox source;
    String first;
    String second;
    Peer boss;

    @BeforeAll
    static void startSystem() {
        system = ActorSystem.create(Behaviors.empty(), "worker-server-test");
    }

    @AfterAll
    static void stopSystem() {
        ActorTestKit.shutdown(system);
    }

    @BeforeEach
    void startWorker() throws InterruptedException {
        source = new GitSandbox(directory);
        first = source.commit("script", "echo one\n");
        second = source.commit("script", "echo two; echo oops >&2; exit 3\n");
        boss = start("0 s");
        Response.Ready ready = boss.until(Response.Ready.class);
        assertThat(ready.nthreads()).isEqualTo(2);
        assertThat(ready.features()).contains(Feature.ARTEFACTS, Feature.RECIPE);
    }

    Peer start(String makeTimeout) {
        Settings settings = Settings.of(ConfigFactory.parseString(
                "buildboss.worker { heartbeat-interval = 50 ms, keep-logs = true, make-timeout = " + makeTimeout
                        + " }"));
        List<BuildRecipe> recipes = List.of(new ShellRecipe(), new ThrowingRecipe());
        return new Peer(system, new WorkerConfig(directory, Optional.empty(), 2, settings, recipes, false, "test"));
    }

    @AfterEach
    void endWorker() throws Exception {
        boss.end();
    }

    void configure(String recipe, String features) throws InterruptedException {
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"" + recipe + "\",\"features\":[" + features + "]}");
        boss.until(Response.ConfigureDone.class);
    }

    void prepare(String... commits) throws InterruptedException {
        boss.send("{\"cmd\":\"build_prepare\",\"max_boards\":2,\"commits\":["
                + List.of(commits).stream().map(hash -> '"' + hash + '"').collect(Collectors.joining(",")) + "]}");
        boss.until(Response.BuildPrepareDone.class);
    }

    Response.BuildResult build(String board) throws InterruptedException {
        boss.send("{\"cmd\":\"build_board\",\"board\":\"" + board + "\",\"arch\":\"any\"}");
        return boss.until(Response.BuildResult.class);
    }

    /** Runs the tree's file {@code script}; its configuration is the board's name. */
    private static final class ShellRecipe implements BuildRecipe {
        @Override
        public String name() {
            return "shell";
        }

        @Override
        public Optional<String> toolchainArch(BuildTarget target) {
            return target.arch().equals("any") ? Optional.empty() : Optional.of(target.arch());
        }

        @Override
        public List<BuildStep> configure(BuildTarget target, boolean clean) {
            String sign = target.board().equals("counting") ? " >>" : " >";
            String config = target.outputName().isEmpty() ? "config" : target.outputName() + "/config";
            return List.of(BuildStep.of("sh", "-c", "echo " + target.board() + sign + config));
        }

        @Override
        public Optional<String> misconfigured(BuildTarget target) {
            return target.board().equals("misconfigured") ? Optional.of("FRED: no such option\n") : Optional.empty();
        }

        @Override
        public List<BuildStep> build(BuildTarget target) {
            return switch (target.board()) {
                case "no-program" -> List.of(BuildStep.of("no-such-program"));
                case "sleep" -> List.of(BuildStep.of("sleep", "86400"));
                default -> List.of(BuildStep.of("sh", "script"));
            };
        }

        @Override
        public RecipeOutputs outputs(BuildTarget target) {
            return new RecipeOutputs(List.of(), List.of(new RecipeOutputs.NamedFile("config", "config")), List.of());
        }
    }

    /** Fails in the middle of each board. */
    private static final class ThrowingRecipe implements BuildRecipe {
        @Override
        public String name() {
            return "throwing";
        }

        @Override
        public Optional<String> toolchainArch(BuildTarget target) {
            return Optional.empty();
        }

        @Override
        public List<BuildStep> build(BuildTarget target) {
            throw new IllegalStateException("a bug of the recipe's");
        }

        @Override
        public void collect(BuildTarget target, Collector collector) throws IOException {
            throw new IOException("never reached");
        }
    }
}
