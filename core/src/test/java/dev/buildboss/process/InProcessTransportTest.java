package dev.buildboss.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildScheduler;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run, boss and worker in this JVM, with a recipe of the embedder's own. */
@Tag("process")
class InProcessTransportTest {

    @Test
    void buildsARunInOneJvm(@TempDir Path temp) throws Exception {
        Path source = Files.createDirectory(temp.resolve("source"));
        git(source, "init", "-q", ".");
        Commit good = commit(source, "echo \"CROSS_COMPILE=$CROSS_COMPILE\"; for i; do echo \"$i\"; done");
        Commit bad = commit(source, "echo broken >&2; exit 1");
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "in-process-test");
        Settings settings = Settings.of(ConfigFactory.parseString("""
                        buildboss { recipe = script, local.slots = 2, toolchains.wrapper = "env A=b" }
                        buildboss.build.make-flags { common = "X='1 2'", one = "${common} Y=${target}" }
                        """));
        WorkerBundle noBundle = List::of;
        try (InProcessTransport transport = InProcessTransport.on(system, List.of(new ScriptRecipe()));
                BuildScheduler scheduler = BuildScheduler.builder()
                        .settings(settings)
                        .transport(transport)
                        .bundle(noBundle)
                        .actorSystem(system)
                        .build()) {
            Path out = temp.resolve("out");
            BuildRequest request = BuildRequest.of(
                    source.resolve(".git"),
                    List.of(Board.of("one", "sandbox"), Board.of("two", "sandbox"), Board.of("three", "sandbox")),
                    List.of(good, bad),
                    out);
            BuildReport report = scheduler
                    .start(request, List.of(Machine.local()))
                    .report()
                    .toCompletableFuture()
                    .get(Waits.LIMIT_S, TimeUnit.SECONDS);
            assertThat(report.exitStatus(false).code()).isEqualTo(100);
            try (Stream<Path> files = Files.walk(out)) {
                assertThat(files.filter(file -> file.endsWith("done"))).hasSize(6);
            }
            assertThat(out.resolve("01_g" + good.hash() + "_x/one/log"))
                    .content()
                    .isEqualTo("CROSS_COMPILE=env A=b \nX=1 2\nY=one\n");
        } finally {
            ActorTestKit.shutdown(system);
        }
    }

    private static Commit commit(Path source, String script) throws Exception {
        Files.writeString(source.resolve("script"), script + "\n");
        git(source, "add", "script");
        git(source, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x");
        return new Commit(git(source, "rev-parse", "HEAD"), "x");
    }

    private static String git(Path directory, String... arguments) throws Exception {
        List<String> argv =
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return out;
    }

    /** The whole of what an embedder has to write. */
    private static final class ScriptRecipe implements BuildRecipe {
        @Override
        public String name() {
            return "script";
        }

        @Override
        public List<BuildStep> build(BuildTarget target) {
            return List.of(BuildStep.of(Stream.concat(Stream.of("sh", "script"), target.makeFlags().stream())
                    .toArray(String[]::new)));
        }

        @Override
        public Optional<String> toolchainArch(BuildTarget target) {
            return Optional.of(target.arch());
        }
    }
}
