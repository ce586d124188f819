package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.protocol.Response;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker does with the commands that it gets, in order. */
class WorkerServerTest extends WorkerRuns {

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
    void tellsTheCpuTimeOfABuildToABossThatTakesTimes() throws InterruptedException {
        String busy = source.commit("script", "sh -c 'i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done'\n");
        configure("shell", "\"times\"");
        prepare(first, busy);

        Response.Times one = build("b").times().orElseThrow();
        Response.Times two = boss.until(Response.BuildResult.class).times().orElseThrow();

        assertThat(two.cpuMs()).isGreaterThan(50).isGreaterThan(one.cpuMs());
        assertThat(directory.resolve(".bm-work")).isDirectoryNotContaining("glob:**/cpu-*");
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
    void quitsAtOnceWhileABuildRunsForABossThatKnowsExtensions() throws Exception {
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
    void endsWithOneWhenTheInputEndsWithoutQuit() throws Exception {
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
    void saysPreparedAtOnceToABossThatAskedForThat() throws InterruptedException {
        configure("shell", "\"early-prepare\"");
        boss.send("{\"cmd\":\"build_prepare\",\"max_boards\":2,\"commits\":[\"" + first + "\"]}");
        assertThat(boss.next()).isEqualTo(new Response.BuildStarted(2));
        assertThat(boss.next()).isEqualTo(new Response.BuildPrepareDone());
        assertThat(build("b").returnCode()).isZero();
        boss.send("{\"cmd\":\"build_done\"}");
        assertThat(boss.until(Response.BuildDone.class).exceptions()).isZero(); // the other worktree is there, too
    }

    @Test
    void refusesAnUnknownRecipeByName() throws InterruptedException {
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"nix\",\"features\":[\"recipe\"]}");
        assertThat(boss.next()).isEqualTo(new Response.Refusal("no such recipe: 'nix'; there are shell, throwing"));
    }

    @Test
    void refusesASecondWorkerInOneWorkDirectory() throws Exception {
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
}
