package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.protocol.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the options of a run change in how a worker builds. */
class WorkerOptionsTest extends WorkerRuns {

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
}
