package dev.buildboss.workermain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our worker in the place of an existing one: what was said to that is said to ours, which must answer the same.
 *
 * <p>What "the same" is, and where ours does better, is in {@link Normaliser}.
 */
@Tag("process")
class RecordingsTest {

    /** The recorded tree's commits, in the place of which ours are sent. */
    private static final List<String> COMMITS = List.of(
            "c7b1b5d2b4672bd1d1ddcc39faf1e15f20a116a9",
            "b8de136e3e3eda3f564a582aff689ea97d4d98c7",
            "f46cebc6ad09b1451c662f37fb6e8738572f57be");

    /** Boards that the recordings end while they are built. */
    private static final List<String> BUILDING = List.of("zynq_cse_nor", "xilinx_zynqmp_mini");

    @TempDir
    Path directory;

    static List<Recording> recordings() throws IOException {
        Path vectors = Path.of(System.getProperty("buildboss.root"), "core/src/test/resources/vectors");
        try (Stream<Path> files = Files.list(vectors)) {
            List<Recording> result = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                result.add(Recording.read(file));
            }
            assertThat(result).hasSizeGreaterThan(20);
            return result;
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void answersAsTheRecordedWorkerDid(Recording recording) throws Exception {
        StubTree tree = new StubTree(directory.toRealPath());
        // The recorded worker was started in its work directory; once it was told of one that is not there.
        String[] arguments =
                recording.name().equals("07-missing-workdir") ? new String[] {"-g", "/nonexistent"} : new String[0];
        if (recording.endsWhileBuilding()) {
            tree.hang();
        }
        Normaliser normaliser = new Normaliser(recording);
        List<JsonNode> recorded = new ArrayList<>();
        List<JsonNode> said = new ArrayList<>();
        List<ProcessHandle> children = new ArrayList<>();
        try (WorkerProcess worker = new WorkerProcess(tree, tree.workDir(), arguments)) {
            String end = "EOF";
            for (Recording.Step step : recording.steps()) {
                if (step instanceof Recording.Heard heard) {
                    recorded.add(heard.response());
                } else if (step instanceof Recording.Sent sent) {
                    hear(worker, normaliser, recorded, said);
                    if (sent.line().equals("{\"cmd\": \"quit\"}")) {
                        end = "quit";
                        children.addAll(builds(recording, tree));
                    }
                    worker.send(here(sent.line(), tree));
                } else if (step instanceof Recording.Ended ended) {
                    hear(worker, normaliser, recorded, said);
                    end = ended.how();
                    if (children.isEmpty()) {
                        children.addAll(builds(recording, tree));
                    }
                    if (!end.equals("EOF")) {
                        worker.signal(end);
                    }
                }
            }
            Map<String, List<String>> expected = normaliser.expected(recorded);
            while (!has(normaliser.byBoard(said), expected)) {
                said.add(worker.next());
            }
            if (end.equals("EOF")) {
                worker.closeInput();
            }
            said.addAll(worker.rest());
            assertThat(normaliser.byBoard(said)).isEqualTo(expected);
            assertThat(worker.exit()).isEqualTo(Normaliser.exitStatus(end));
            children.forEach(WorkerProcess::awaitGone);
        }
    }

    /** The recorded boss went on when it had heard so much. */
    private static void hear(WorkerProcess worker, Normaliser normaliser, List<JsonNode> recorded, List<JsonNode> said)
            throws Exception {
        Map<String, List<String>> heard = normaliser.byBoard(recorded);
        while (!has(normaliser.byBoard(said), heard)) {
            said.add(worker.next());
        }
    }

    private static boolean has(Map<String, List<String>> said, Map<String, List<String>> wanted) {
        return wanted.entrySet().stream()
                .allMatch(board -> said.getOrDefault(board.getKey(), List.of()).size()
                        >= board.getValue().size());
    }

    /** The processes of the builds in which the recording ends, once they are there: they are to end with the worker. */
    private static List<ProcessHandle> builds(Recording recording, StubTree tree) throws IOException {
        List<ProcessHandle> children = new ArrayList<>();
        if (recording.endsWhileBuilding()) {
            for (String board : BUILDING) {
                children.add(tree.childOf(board));
            }
        }
        return children;
    }

    private static String here(String line, StubTree tree) {
        String result = line.replace("/srv", tree.root().toString());
        for (int i = 0; i < COMMITS.size(); i++) {
            result = result.replace(COMMITS.get(i), tree.commit(i));
        }
        return result;
    }
}
