package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.ScriptRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

/** The features take-back and cancel on a whole worker, with builds that are at work until somebody ends them. */
@Tag("process")
class WorkerGivesBackTest {
    private static ActorSystem<Void> system;

    @TempDir
    Path directory;

    private Peer boss;

    @BeforeAll
    static void startSystem() {
        system = ActorSystem.create(Behaviors.empty(), "worker-gives-back-test");
    }

    @AfterAll
    static void stopSystem() {
        ActorTestKit.shutdown(system);
    }

    /** The first commit's build goes on for ever, and says so; it notes an end in order. The others end at once. */
    @BeforeEach
    void startWorker() throws Exception {
        GitSandbox source = new GitSandbox(directory);
        String forever = "trap 'echo ended >" + directory + "/end; exit 9' TERM\necho half >build/half\n"
                + "echo at work\nwhile :; do sleep 0.05; done\n";
        String first = source.commit("script", forever);
        String second = source.commit("script", "ls build\n");
        String third = source.commit("script", "echo three\n");
        // The build has all the time that it takes to end in order.
        Settings settings = Settings.of(
                ConfigFactory.parseString("buildboss.worker { heartbeat-interval = 50 ms, kill-grace = 2 m }"));
        boss = new Peer(
                system,
                new WorkerConfig(directory, Optional.empty(), 1, settings, List.of(new ScriptRecipe()), false, "test"));
        assertThat(boss.until(Response.Ready.class).features()).contains(Feature.TAKE_BACK, Feature.CANCEL);
        boss.send("{\"cmd\":\"configure\",\"recipe\":\"script\","
                + "\"features\":[\"take-back\",\"cancel\",\"follow\",\"commit-selection\"]}");
        boss.send("{\"cmd\":\"build_prepare\",\"max_boards\":1,\"commits\":[\"" + first + "\",\"" + second + "\",\""
                + third + "\"]}");
        boss.until(Response.BuildPrepareDone.class);
        boss.send("{\"cmd\":\"follow\",\"board\":\"b\",\"watchers\":1}");
        boss.send("{\"cmd\":\"build_board\",\"board\":\"b\",\"arch\":\"any\"}");
        Response.Log said = boss.until(Response.Log.class); // the command itself
        while (!said.text().contains("at work")) {
            said = boss.until(Response.Log.class);
        }
    }

    @AfterEach
    void endWorker() throws Exception {
        boss.end();
    }

    @Test
    void givesBackWhatHasNotBegunWhileABoardIsBuiltAndTheBossWaitsForItsEnd() throws Exception {
        boss.send("{\"cmd\":\"build_done\"}");
        boss.send("{\"cmd\":\"take_back\",\"board\":\"b\",\"commits\":[0,2]}");

        assertThat(boss.next()).isEqualTo(new Response.GivenBack("b", List.of(2)));

        boss.send("{\"cmd\":\"cancel\",\"board\":\"b\",\"commit_upto\":0}");
        assertThat(boss.until(Response.GivenBack.class).commits()).containsExactly(0);
        assertThat(boss.until(Response.BuildResult.class).commitUpto()).isEqualTo(1);
        assertThat(boss.next()).as("the third commit is not built").isEqualTo(new Response.BuildDone(0));
    }

    @Test
    void aCellThatIsCancelledIsEndedInOrderAndWhatItLeftIsNotBuiltOn() throws Exception {
        boss.send("{\"cmd\":\"cancel\",\"board\":\"b\",\"commit_upto\":0}");

        assertThat(boss.until(Response.GivenBack.class)).isEqualTo(new Response.GivenBack("b", List.of(0)));

        assertThat(directory.resolve("end")).as("make had its SIGTERM").hasContent("ended");
        Response.BuildResult second = boss.until(Response.BuildResult.class);
        assertThat(second.commitUpto()).isEqualTo(1);
        assertThat(second.stdout()).as("the output directory").doesNotContain("half");
        assertThat(boss.until(Response.BuildResult.class).stdout()).isEqualTo("three\n");
        assertThat(Files.exists(directory.resolve(".bm-work/00/build/half"))).isFalse();
    }
}
