package dev.buildboss.workermain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the packaged worker ends, idle and while it builds, and that nothing is left of what it started. */
@Tag("process")
class ConformanceEndsTest {
    @TempDir
    Path directory;

    private StubTree tree;
    private WorkerProcess worker;

    @BeforeEach
    void start() throws Exception {
        tree = new StubTree(directory.toRealPath());
        worker = new WorkerProcess(tree, tree.workDir());
        worker.until("ready");
    }

    @AfterEach
    void endWorker() {
        worker.close();
    }

    private void end(String how) throws Exception {
        switch (how) {
            case "EOF" -> worker.closeInput();
            case "quit" -> worker.send("{\"cmd\":\"quit\"}");
            default -> worker.signal(how);
        }
    }

    /** Two makes with a child each, which never end by themselves. */
    private List<ProcessHandle> startHangingBuilds() throws Exception {
        worker.send(
                "{\"cmd\":\"build_prepare\",\"commits\":[\"" + tree.commit(0) + "\"],\"max_boards\":2}",
                "{\"cmd\":\"build_board\",\"board\":\"hangs\",\"arch\":\"sandbox\"}",
                "{\"cmd\":\"build_board\",\"board\":\"hangs2\",\"arch\":\"sandbox\"}");
        return List.of(tree.childOf("hangs"), tree.childOf("hangs2"));
    }

    @ParameterizedTest
    @CsvSource({"EOF, 1", "TERM, 143", "HUP, 129", "INT, 130"})
    void endsWhileItIsIdleAndRemovesWhatIsTemporary(String how, int status) throws Exception {
        worker.send("{\"cmd\":\"setup\"}");
        worker.until("setup_done");
        end(how);
        worker.assertSilentEnd();
        assertThat(worker.exit()).isEqualTo(status);
        assertThat(tree.tmp()).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"EOF, 1", "TERM, 143", "HUP, 129", "INT, 130", "KILL, 137", "quit, 0"})
    void leavesNothingBehindThatItStarted(String how, int status) throws Exception {
        List<ProcessHandle> children = startHangingBuilds();
        end(how);
        List<String> said = worker.rest().stream().map(BaseProtocol::summary).toList();
        assertThat(worker.exit()).isEqualTo(status);
        children.forEach(WorkerProcess::awaitGone);
        assertThat(said).noneMatch(line -> line.startsWith("build_result") || line.startsWith("build_done"));
        assertThat(said.contains("quit_ack")).isEqualTo(how.equals("quit"));
    }

    @Test
    void endsAtTheEndOfItsInputThoughCommandsWait() throws Exception {
        List<ProcessHandle> children = startHangingBuilds();
        worker.send("{\"cmd\":\"build_done\"}", "{\"cmd\":\"quit\"}");
        worker.closeInput();
        assertThat(worker.rest())
                .noneMatch(response -> response.path("resp").asText().equals("quit_ack"));
        assertThat(worker.exit()).isEqualTo(1);
        children.forEach(WorkerProcess::awaitGone);
    }

    @Test
    void repairsWhatAKilledWorkerLeft() throws Exception {
        startHangingBuilds();
        end("KILL");
        worker.exit();
        Path git = tree.workDir().resolve(".git");
        Path place = tree.workDir().resolve(".bm-work");
        Files.writeString(git.resolve("index.lock"), "");
        Files.writeString(git.resolve("worktrees/00/index.lock"), "");
        Files.delete(place.resolve("01/.git"));

        worker = new WorkerProcess(tree, tree.workDir());
        worker.until("ready");
        worker.send("{\"cmd\":\"build_boards\",\"boards\":[{\"board\":\"elm\",\"arch\":\"sandbox\"},"
                + "{\"board\":\"liar\",\"arch\":\"sandbox\"}],\"commits\":[\"" + tree.commit(1) + "\"]}");
        assertThat(worker.until("build_done"))
                .contains("build_result elm 0 code 0", "build_result liar 0 code 0")
                .endsWith("build_done 0");
    }
}
