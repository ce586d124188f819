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
import java.nio.file.Files;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole worker in this JVM, with real git and recipes whose commands are lines of shell. */
@Tag("process")
@Timeout(120)
class WorkerServerTest {
    private static ActorSystem<Void> system;

    @TempDir
    Path directory;

    private GitSandbox source;
    private String first;
    private String second;
    private Peer boss;

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

    private Peer start(String makeTimeout) {
        Settings settings = Settings.of(ConfigFactory.parseString(
                "buildboss.worker { heartbeat-interval = 50 ms, keep-logs = true, make-timeout = " + makeTimeout
                        + " }"));
        List<BuildRecipe> recipes = List.of(new ShellRecipe(), new ThrowingRecipe());
        return new Peer(system, new WorkerConfig(directory, Optional.empty(), 2, settings, recipes, false, "test"));
    }

    @AfterEach
    void endWorker() {
        boss.endInput();
    }

    private void configure(String recipe, String features) throws InterruptedException {
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"" + recipe + "\",\"features\":[" + features + "]}");
        boss.until(Response.ConfigureDone.class);
    }

    private void prepare(String... commits) throws InterruptedException {
        boss.send("{\"cmd\":\"build_prepare\",\"max_boards\":2,\"commits\":["
                + List.of(commits).stream().map(hash -> '"' + hash + '"').collect(Collectors.joining(",")) + "]}");
        boss.until(Response.BuildPrepareDone.class);
    }

    private Response.BuildResult build(String board) throws InterruptedException {
        boss.send("{\"cmd\":\"build_board\",\"board\":\"" + board + "\",\"arch\":\"any\"}");
        return boss.until(Response.BuildResult.class);
    }

    @Test
    void keepsTheWholeOutputOfTheLastRunWhereItIsAskedTo() throws Exception {
        Path logs = directory.resolve(".bm-work/logs");
        configure("shell", "");
        prepare(first, second);
        build("b");
        boss.until(Response.BuildResult.class);
        assertThat(logs.resolve("b-1.log")).content().contains("one");
        assertThat(logs.resolve("b-2.log")).content().contains("two");
        boss.send("{\"cmd\":\"build_done\"}");
        boss.until(Response.BuildDone.class);

        prepare(first);

        assertThat(logs).isEmptyDirectory();
    }

    @Test
    void buildsEachCommitInOrderAndCutsPaths() throws InterruptedException {
        configure("shell", "");
        prepare(first, second);
        Response.BuildResult one = build("b");
        assertThat(one.commitUpto()).isZero();
        assertThat(one.returnCode()).isZero();
        assertThat(one.stdout()).isEqualTo("one\n");
        Response.BuildResult two = boss.until(Response.BuildResult.class);
        assertThat(two.commitUpto()).isEqualTo(1);
        assertThat(two.returnCode()).isEqualTo(3);
        assertThat(two.stderr()).isEqualTo("oops\n");
        assertThat(two.config()).containsEntry("config", "b\n");
        assertThat(two.notBuilt()).isEmpty();
        boss.send("{\"cmd\":\"build_done\"}");
        assertThat(boss.next()).isEqualTo(new Response.BuildDone(0));
    }

    @Test
    void buildsOnlyTheCommitsThatABossPicked() throws InterruptedException {
        configure("shell", "\"commit-selection\"");
        prepare(first, second);
        boss.send("{\"cmd\":\"build_board\",\"board\":\"b\",\"arch\":\"any\",\"commits\":[1]}");
        assertThat(boss.until(Response.BuildResult.class).commitUpto()).isEqualTo(1);
        boss.send("{\"cmd\":\"build_done\"}");
        assertThat(boss.next()).isEqualTo(new Response.BuildDone(0));
    }

    @Test
    void sendsFilesBeforeTheResultToABossThatTakesThem() throws InterruptedException {
        configure("shell", "\"artefacts\"");
        prepare(first);
        boss.send("{\"cmd\":\"build_board\",\"board\":\"b\",\"arch\":\"any\"}");
        List<Response> all = boss.until(Response.BuildResult.class::isInstance);
        List<String> names = all.stream()
                .filter(Response.Artefact.class::isInstance)
                .map(response -> ((Response.Artefact) response).name())
                .toList();
        assertThat(names).containsExactly("config");
        Response.BuildResult result = (Response.BuildResult) all.get(all.size() - 1);
        assertThat(result.files()).containsOnlyKeys("out-cmd", "out-env").containsEntry("out-cmd", """
                sh -c echo b >build/config
                sh script
                """);
        Response.Artefact config = (Response.Artefact) all.stream()
                .filter(Response.Artefact.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(config.data().utf8String()).isEqualTo("b\n");
        assertThat(config.last()).isTrue();
    }

    @Test
    void answersEachCellOfACommitThatIsNotThere() throws InterruptedException {
        configure("shell", "\"not-built\"");
        String missing = "0".repeat(40);
        prepare(missing, first);
        Response.BuildResult none = build("b");
        assertThat(none.returnCode()).isEqualTo(BoardBuild.NO_SOURCE_CODE);
        assertThat(none.stderr()).startsWith("git checkout ").contains(missing);
        assertThat(none.notBuilt()).contains("infrastructure");
        assertThat(boss.until(Response.BuildResult.class).returnCode()).isZero();
    }

    @Test
    void containsARecipeThatThrows() throws InterruptedException {
        configure("throwing", "");
        prepare(first, second);
        Response.BuildResult result = build("b");
        assertThat(result.returnCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("a bug of the recipe's");
        assertThat(boss.until(Response.BuildResult.class).commitUpto()).isEqualTo(1);
        boss.send("{\"cmd\":\"build_done\"}");
        assertThat(boss.next()).isEqualTo(new Response.BuildDone(1));
    }

    @Test
    void saysWhatCouldNotBeStarted() throws InterruptedException {
        configure("shell", "");
        prepare(first);
        Response.BuildResult result = build("no-program");
        assertThat(result.returnCode()).isEqualTo(1);
        assertThat(result.stderr()).startsWith("no-such-program failed to start: ");
    }

    @Test
    void saysWhichArchitectureHasNoCompiler() throws InterruptedException {
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"shell\",\"features\":[\"not-built\"]}");
        boss.until(Response.ConfigureDone.class);
        prepare(first, second);
        boss.send("{\"cmd\":\"build_board\",\"board\":\"b\",\"arch\":\"z80\"}");
        Response.BuildResult result = boss.until(Response.BuildResult.class);
        assertThat(result.returnCode()).isEqualTo(BoardBuild.NO_TOOLCHAIN_CODE);
        assertThat(result.stderr()).startsWith("Tool chain error for z80: ");
        assertThat(result.notBuilt()).contains("no_toolchain");
        assertThat(boss.until(Response.BuildResult.class).commitUpto()).isEqualTo(1);
    }

    @Test
    void repeatsSignsOfLifeWhileABuildRuns() throws InterruptedException {
        configure("shell", "");
        prepare(first);
        boss.send("{\"cmd\":\"build_board\",\"board\":\"sleep\",\"arch\":\"any\"}");
        for (int i = 0; i < 3; i++) {
            assertThat(boss.until(Response.Heartbeat.class).board()).isEqualTo("sleep");
        }
    }

    @Test
    void quitsAtOnceWhileABuildRunsForABossThatKnowsExtensions() throws InterruptedException {
        configure("shell", "\"not-built\"");
        prepare(first);
        boss.send("{\"cmd\":\"build_board\",\"board\":\"sleep\",\"arch\":\"any\"}");
        boss.until(Response.Heartbeat.class);
        boss.send("{\"cmd\":\"build_done\"}");
        boss.send("{\"cmd\":\"quit\"}");
        List<Response> last = boss.until(Response.QuitAck.class::isInstance);
        assertThat(last).noneMatch(Response.BuildResult.class::isInstance);
        assertThat(boss.exit()).isZero();
        assertThat(boss.rest()).isEmpty();
    }

    @Test
    void endsWithOneWhenTheInputEndsWithoutQuit() throws InterruptedException {
        configure("shell", "");
        prepare(first);
        boss.send("{\"cmd\":\"build_board\",\"board\":\"sleep\",\"arch\":\"any\"}");
        boss.until(Response.Heartbeat.class);
        boss.endInput();
        assertThat(boss.exit()).isEqualTo(1);
    }

    @Test
    void buildsABatchAndThenTakesAnotherBuilder() throws InterruptedException {
        configure("shell", "");
        boss.send("{\"cmd\":\"build_boards\",\"boards\":[{\"board\":\"a\",\"arch\":\"any\"},{\"board\":\"b\",\"arch\":"
                + "\"any\"},{\"board\":\"c\",\"arch\":\"any\"}],\"commits\":[\"" + first + "\"]}");
        // In order: it waits for the batch.
        boss.send("{\"cmd\":\"build_board\",\"board\":\"late\",\"arch\":\"any\"}");
        List<Response> all = boss.until(Response.BuildDone.class::isInstance);
        assertThat(all.get(0)).isEqualTo(new Response.BuildStarted(2));
        assertThat(all.stream().filter(Response.BuildResult.class::isInstance)).hasSize(3);
        assertThat(boss.next()).isEqualTo(new Response.Refusal("no builder (send build_prepare first)"));
        prepare(first);
        assertThat(build("again").returnCode()).isZero();
    }

    @Test
    void buildsWhereTheChangesSay() throws InterruptedException, IOException {
        for (String place : List.of("per_board_out_dir", "in_tree")) {
            boss.send(
                    "{\"cmd\":\"configure\",\"recipe\":\"shell\",\"settings\":{\"changes\":{\"" + place + "\":true}}}");
            boss.until(Response.ConfigureDone.class);
            prepare(first);
            assertThat(build("a,b").returnCode()).isZero();
            boss.send("{\"cmd\":\"build_done\"}");
            boss.until(Response.BuildDone.class);
        }
        Path worktree = directory.resolve(".bm-work/00");
        assertThat(worktree.resolve("build-boards/a_b/config")).hasContent("a,b\n");
        assertThat(worktree.resolve("config")).hasContent("a,b\n");
        assertThat(worktree.resolve("build")).doesNotExist();
    }

    @Test
    void buildsInADirectoryOfTheUsersOwn(@TempDir Path own) throws InterruptedException, IOException {
        Files.writeString(own.resolve("script"), "echo mine\n");
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"shell\",\"settings\":{\"changes\":{\"place\":{\"source\":\""
                + own + "\",\"output\":\"" + own.resolve("out") + "\"}}}}");
        boss.until(Response.ConfigureDone.class);
        prepare(first);
        assertThat(build("b").stdout()).isEqualTo("mine\n");
        assertThat(own.resolve("out/config")).hasContent("b\n");
        assertThat(directory.resolve(".bm-work/00")).doesNotExist();
    }

    @Test
    void failsACellWhoseConfigurationIsNotAsAskedFor() throws InterruptedException {
        configure("shell", "");
        prepare(first, second);
        Response.BuildResult result = build("misconfigured");
        assertThat(result.returnCode()).isEqualTo(1);
        assertThat(result.stderr()).isEqualTo("FRED: no such option\n");
    }

    @Test
    void goesOnWithWhatIsConfiguredInAQuickRun() throws InterruptedException, IOException {
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"shell\",\"settings\":{\"changes\":{\"quick\":true}}}");
        boss.until(Response.ConfigureDone.class);
        prepare(second, second, first);
        assertThat(build("counting").returnCode()).isEqualTo(3);
        assertThat(boss.until(Response.BuildResult.class).returnCode()).isEqualTo(3);
        assertThat(boss.until(Response.BuildResult.class).returnCode()).isZero();
        assertThat(directory.resolve(".bm-work/00/build/config")).hasContent("counting\n");
    }

    @Test
    void removesWhatEarlierBuildsLeftWhenAllIsBuiltAnew() throws InterruptedException, IOException {
        configure("shell", "");
        prepare(first);
        build("b");
        boss.send("{\"cmd\":\"build_done\"}");
        boss.until(Response.BuildDone.class);
        Path left = Files.createFile(directory.resolve(".bm-work/00/build/left"));
        Files.createFile(directory.resolve(".bm-work/00/.config"));
        prepare(first);
        boss.send("{\"cmd\":\"build_done\"}");
        boss.until(Response.BuildDone.class);
        assertThat(left).as("only what is in the way").exists();
        assertThat(directory.resolve(".bm-work/00/.config")).doesNotExist();
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"shell\",\"settings\":{\"force_build\":true}}");
        boss.until(Response.ConfigureDone.class);
        prepare(first);
        assertThat(build("b").returnCode()).isZero();
        assertThat(left).doesNotExist();
    }

    @Test
    void refusesAHostCompilerThatIsNotThere() throws InterruptedException {
        boss.send(
                "{\"cmd\":\"configure\",\"recipe\":\"shell\",\"settings\":{\"changes\":{\"override_toolchain\":\"no-cc-9\"}}}");
        assertThat(boss.next()).isEqualTo(new Response.Refusal("there is no no-cc-9 here to build with (-O)"));
    }

    @Test
    void buildsTheSourceAsItStandsWithoutCommits() throws InterruptedException {
        configure("shell", "");
        boss.send("{\"cmd\":\"build_prepare\",\"commits\":[null],\"max_boards\":1}");
        assertThat(boss.next()).isEqualTo(new Response.BuildPrepareDone());
        Response.BuildResult result = build("b");
        assertThat(result.returnCode()).isEqualTo(3);
        assertThat(result.stdout()).isEqualTo("two\n");
    }

    @Test
    void saysPreparedAtOnceToABossThatAskedForThat() throws InterruptedException {
        configure("shell", "\"early-prepare\"");
        boss.send("{\"cmd\":\"build_prepare\",\"max_boards\":2,\"commits\":[\"" + first + "\"]}");
        assertThat(boss.next()).isEqualTo(new Response.BuildStarted(2));
        assertThat(boss.next()).isEqualTo(new Response.BuildPrepareDone());
        assertThat(build("b").returnCode()).isZero();
    }

    @Test
    void refusesAnUnknownRecipeByName() throws InterruptedException {
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"nix\",\"features\":[\"recipe\"]}");
        assertThat(boss.next()).isEqualTo(new Response.Refusal("no such recipe: 'nix'; there are shell, throwing"));
    }

    @Test
    void refusesASecondWorkerInOneWorkDirectory() throws InterruptedException {
        Peer other = start("0 s");
        assertThat(((Response.Refusal) other.next()).msg())
                .startsWith("BUSY: work directory " + directory + " is in use by ");
        assertThat(other.exit()).isEqualTo(1);
    }

    @Test
    void setsUpDirectoriesAndRemovesTemporaryOnes(@TempDir Path elsewhere) throws InterruptedException {
        Path wanted = elsewhere.resolve("deep/dir");
        boss.send("{\"cmd\":\"setup\",\"work_dir\":\"" + wanted + "\"}");
        assertThat(boss.next())
                .isEqualTo(new Response.SetupDone(
                        wanted.toString(), wanted.resolve(".git").toString()));
        boss.send("{\"cmd\":\"setup\",\"work_dir\":\"/proc/nope/x\"}");
        assertThat(((Response.Refusal) boss.next()).msg()).startsWith("cannot make the work directory /proc/nope/x: ");
        boss.send("{\"cmd\":\"setup\"}");
        Path temporary = Path.of(((Response.SetupDone) boss.next()).workDir());
        assertThat(temporary.resolve(".git")).isDirectory();
        boss.send("{\"cmd\":\"quit\"}");
        assertThat(boss.next()).isEqualTo(new Response.QuitAck());
        assertThat(temporary).doesNotExist();
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
