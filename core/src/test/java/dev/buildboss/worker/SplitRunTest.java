package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildScheduler;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.process.InProcessTransport;
import dev.buildboss.results.ResultLayout;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.testing.Anywhere;
import dev.buildboss.testing.EventRecorder;
import dev.buildboss.testing.ScriptRecipe;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, boss and two workers in this JVM with real commands, whose end is shared by both workers. */
@Tag("process")
class SplitRunTest {

    private static final int COMMITS = 8;

    @TempDir
    Path temp;

    private final List<BuildEvent> events = new CopyOnWriteArrayList<>();

    /** One board, two machines: without splitting the second would have nothing to do. */
    @Test
    void theLastCommitsOfABoardAreBuiltByAnotherMachineAndEveryResultIsWhole() throws Exception {
        // The first build ends when both machines have begun one, however long either takes to be ready.
        String both = "ls " + temp.resolve("work-one/.bm-work/began") + " " + temp.resolve("work-two/.bm-work/began");
        List<Commit> commits =
                commits(": >../began; until " + both + "; do sleep 0.1; done >/dev/null 2>&1; sleep 1; ");

        BuildReport report = run(commits, "");

        assertThat(report.exitStatus(false).code()).isZero();
        Set<String> hosts = new HashSet<>();
        for (int commit = 0; commit < COMMITS; commit++) {
            Path dir = temp.resolve("out/" + ResultLayout.commitDir(commit, commits.get(commit)) + "/board");
            assertThat(dir.resolve("done")).hasContent("0");
            assertThat(dir.resolve("log")).content().contains("commit " + commit + "\n");
            hosts.add(Files.readString(dir.resolve("host")).strip());
            assertThat(report.outcomes()).containsKey(new Cell("board", commit));
        }
        assertThat(hosts).as("machines that built commits of the one board").containsExactlyInAnyOrder("one", "two");
        assertThat(boards(BuildEvent.BoardEnded.class)).isEqualTo(boards(BuildEvent.BoardStarted.class));
        assertThat(events)
                .as("what comes after the first is through with what it kept")
                .filteredOn(event -> event instanceof BuildEvent.BoardEnded || event instanceof BuildEvent.CellDone)
                .last()
                .isInstanceOf(BuildEvent.BoardEnded.class);
    }

    /** On which machines a board began, or ended, how often. */
    private Map<String, Long> boards(Class<? extends BuildEvent> kind) {
        return events.stream()
                .filter(kind::isInstance)
                .map(event -> event instanceof BuildEvent.BoardStarted started
                        ? started.machine()
                        : ((BuildEvent.BoardEnded) event).machine())
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    }

    @Test
    void whereBoardsAreNotToBeSplitOneMachineBuildsAllOfABoard() throws Exception {
        List<Commit> commits = commits("");

        run(commits, "schedule { split = false, hedge = false }");

        Set<String> hosts = new HashSet<>();
        for (int commit = 0; commit < COMMITS; commit++) {
            Path dir = temp.resolve("out/" + ResultLayout.commitDir(commit, commits.get(commit)) + "/board");
            hosts.add(Files.readString(dir.resolve("host")));
        }
        assertThat(hosts).hasSize(1);
    }

    private List<Commit> commits(String before) throws Exception {
        GitSandbox source = new GitSandbox(Files.createDirectory(temp.resolve("source")));
        List<Commit> commits = new ArrayList<>();
        for (int i = 0; i < COMMITS; i++) {
            commits.add(new Commit(source.commit("script", before + "echo commit " + i + "\n"), "commit " + i));
        }
        return commits;
    }

    private BuildReport run(List<Commit> commits, String settings) throws Exception {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "split-run-test");
        try (WorkerTransport transport = new Anywhere(InProcessTransport.on(system, List.of(new ScriptRecipe())));
                BuildScheduler scheduler = BuildScheduler.builder()
                        .settings(Settings.of(ConfigFactory.parseString(
                                "buildboss { recipe = script, worker.threads = 2, probe.max-load = 1000\n" + settings
                                        + "}")))
                        .transport(transport)
                        .bundle(List::of)
                        .actorSystem(system)
                        .build()) {
            BuildRequest request = BuildRequest.of(
                    temp.resolve("source/.git"), List.of(Board.of("board", "")), commits, temp.resolve("out"));
            BuildRun run = scheduler.start(request, List.of(machine("one"), machine("two")));
            CountDownLatch told = new CountDownLatch(1);
            run.events().subscribe(new EventRecorder(event -> {
                events.add(event);
                if (event instanceof BuildEvent.RunEnded) {
                    told.countDown();
                }
            }));
            BuildReport report = run.report().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
            assertThat(told.await(Waits.LIMIT_S, TimeUnit.SECONDS)).isTrue();
            return report;
        } finally {
            ActorTestKit.shutdown(system);
        }
    }

    private Machine machine(String name) {
        return new Machine(name, name, 1, temp.resolve("work-" + name).toString(), Optional.empty(), List.of());
    }
}
