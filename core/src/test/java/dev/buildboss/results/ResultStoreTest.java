package dev.buildboss.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.BuildbossException;
import dev.buildboss.files.FileTrees;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Commit;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {

    private static final Commit FIRST = new Commit("a".repeat(40), "zynq: Add a thing");
    private static final Commit SECOND = new Commit("b".repeat(40), "lib: Break it");
    private static final List<Board> BOARDS = List.of(Board.of("one", "arm"), Board.of("two", "arm"));
    private static final String FIRST_DIR = "01_g" + FIRST.hash() + "_zynq--Add-a-thing";

    @TempDir
    private Path temp;

    @Test
    void writesTheFilesOfTheRecordedResults() throws Exception {
        Path recorded = recorded();
        List<Commit> commits = List.of(
                new Commit("c7b1b5d2b4672bd1d1ddcc39faf1e15f20a116a9", "lib: Print an extra line"),
                new Commit("b8de136e3e3eda3f564a582aff689ea97d4d98c7", "zynq: Add an unused function"),
                new Commit("f46cebc6ad09b1451c662f37fb6e8738572f57be", "versal: Break the build"));
        List<Board> boards = List.of(Board.of("zynq_cse_nor", "arm"), Board.of("xilinx_versal_mini", "aarch64"));
        BuildRequest request = BuildRequest.of(Path.of("x"), boards, commits, temp.resolve("out"));
        try (ResultStore store = ResultStore.open(request, 1 << 20)) {
            for (int commit = 0; commit < commits.size(); commit++) {
                for (Board board : boards) {
                    Path from = recorded.resolve(ResultLayout.commitDir(commit, commits.get(commit)))
                            .resolve(board.target());
                    copyAsAWorkerWould(store, new Cell(board.target(), commit), from);
                }
            }
        }

        Map<String, String> expected = tree(recorded);
        expected.replaceAll((name, text) -> name.endsWith("/done") ? text + "\n" : text);
        Map<String, String> stored = tree(temp.resolve("out"));
        stored.keySet().removeIf(name -> name.startsWith(".bm-work/"));
        assertThat(stored).isEqualTo(expected);
    }

    @Test
    void ofTwoThatBuildACellTheFirstCountsAndNothingOfTheOtherIsLeft() throws Exception {
        Path out = temp.resolve("out");
        BuildRequest request = BuildRequest.of(Path.of("x"), BOARDS, List.of(FIRST), out);
        try (ResultStore store = ResultStore.open(request, 1 << 20)) {
            Cell cell = new Cell("one", 0);
            CellWriter interrupted = store.begin(cell);
            CellWriter slow = store.begin(cell);
            CellWriter quick = store.begin(cell);
            slow.text("System.map", "slow");
            slow.text("err", "a warning");
            quick.text("log", "quick");
            interrupted.commit(-1, Optional.empty());

            assertThat(quick.commit(0, Optional.of("fast"))).isEqualTo(new Built(Kind.OK, 0));
            assertThat(slow.commit(2, Optional.empty()))
                    .as("the result that counts")
                    .isEqualTo(new Built(Kind.OK, 0));
        }
        assertThat(tree(out.resolve(FIRST_DIR + "/one")))
                .isEqualTo(Map.of("done", "0\n", "host", "fast\n", "log", "quick"));
    }

    @Test
    void readsTheRecordedResults() throws Exception {
        List<Commit> commits = List.of(
                new Commit("f46cebc6ad09b1451c662f37fb6e8738572f57be", "x"),
                new Commit("b8de136e3e3eda3f564a582aff689ea97d4d98c7", "y"));
        List<Board> boards = List.of(Board.of("zynq_cse_nor", "arm"), Board.of("xilinx_versal_mini", "aarch64"));

        Map<Cell, Built> previous = ResultStore.peek(BuildRequest.of(Path.of("x"), boards, commits, recorded()));

        assertThat(previous)
                .containsEntry(new Cell("xilinx_versal_mini", 0), new Built(Kind.FAILED, 2))
                .containsEntry(new Cell("xilinx_versal_mini", 1), new Built(Kind.OK, 0))
                .containsEntry(new Cell("zynq_cse_nor", 1), new Built(Kind.WARNING, 0))
                .hasSize(4);
    }

    @Test
    void nothingOfACellIsInPlaceBeforeItIsWhole() throws Exception {
        try (ResultStore store = open()) {
            CellWriter writer = store.begin(new Cell("one", 0));
            writer.text("log", "half");
            assertThat(out().resolve(FIRST_DIR)).doesNotExist();

            writer.commit(0, Optional.of("fast"));

            assertThat(names(out().resolve(FIRST_DIR).resolve("one"))).containsExactly("done", "host", "log");
            assertThat(read("one/done")).isEqualTo("0\n");
            assertThat(read("one/host")).isEqualTo("fast\n");
        }
    }

    @Test
    void aDiscardedCellLeavesTheOldResultAsItWas() throws Exception {
        store("one", 0, "old");
        try (ResultStore store = open()) {
            CellWriter writer = store.begin(new Cell("one", 0));
            writer.text("log", "new");
            writer.discard();
        }
        assertThat(read("one/log")).isEqualTo("old");
    }

    @Test
    void aNewResultReplacesTheOldOneWhole() throws Exception {
        store("one", 0, "old");
        Files.writeString(out().resolve(FIRST_DIR).resolve("one/err"), "stale");

        store("one", 0, "new");

        assertThat(names(out().resolve(FIRST_DIR).resolve("one"))).containsExactly("done", "log");
        assertThat(read("one/log")).isEqualTo("new");
        assertThat(out().resolve(".bm-work/staging")).doesNotExist();
    }

    @Test
    void putsAnOldResultBackThatAKilledRunHadMovedAside() throws Exception {
        store("one", 0, "old");
        Path aside = out().resolve(".bm-work/staging/old-1");
        Files.createDirectories(aside);
        Files.writeString(aside.resolve("place"), FIRST_DIR + "/one\n");
        Files.move(out().resolve(FIRST_DIR).resolve("one"), aside.resolve("cell"));
        Path half = out().resolve(".bm-work/staging/new-2");
        Files.createDirectories(half);
        Files.writeString(half.resolve("done"), "0\n");

        try (ResultStore store = open()) {
            assertThat(store.previous()).containsOnlyKeys(new Cell("one", 0));
        }
        assertThat(read("one/log")).isEqualTo("old");
    }

    @Test
    void aPlaceOutsideIsNotBelievedWhenPuttingBack() throws Exception {
        open().close();
        Path aside = out().resolve(".bm-work/staging/old-1");
        Files.createDirectories(aside.resolve("cell"));
        Files.writeString(aside.resolve("place"), "../../escaped\n");

        open().close();

        assertThat(temp.resolve("escaped")).doesNotExist();
        assertThat(temp.resolve("../escaped")).doesNotExist();
    }

    @Test
    void emptyUnreadableAndInterruptedResultsCountAsNone() throws Exception {
        for (String done : List.of("", "-1", "-1\n", "zero", "0".repeat(40))) {
            store("one", 0, "x");
            Files.writeString(out().resolve(FIRST_DIR).resolve("one/done"), done);
            assertThat(ResultStore.peek(request(Rebuild.MISSING)))
                    .as("done '%s'", done)
                    .isEmpty();
        }
        Files.writeString(out().resolve(FIRST_DIR).resolve("one/done"), "2");
        assertThat(ResultStore.peek(request(Rebuild.MISSING))).hasSize(1);
    }

    @Test
    void rebuildSaysWhichResultsCount() throws Exception {
        try (ResultStore store = open()) {
            store.begin(new Cell("one", 0)).commit(0, Optional.empty());
            CellWriter warned = store.begin(new Cell("two", 0));
            warned.text("err", "warning");
            warned.commit(0, Optional.empty());
            store.begin(new Cell("one", 1)).commit(2, Optional.empty());
        }

        assertThat(ResultStore.peek(request(Rebuild.MISSING))).hasSize(3);
        assertThat(ResultStore.peek(request(Rebuild.FAILED))).containsOnlyKeys(new Cell("one", 0));
        assertThat(ResultStore.peek(request(Rebuild.ALL))).isEmpty();
    }

    @Test
    void aCommitWhoseNumberMovedKeepsItsResults() throws Exception {
        store("one", 0, "x");
        BuildRequest moved = BuildRequest.of(Path.of("x"), BOARDS, List.of(SECOND, FIRST), out());

        try (ResultStore store = ResultStore.open(moved, 1 << 20)) {
            assertThat(store.previous()).containsOnlyKeys(new Cell("one", 1));
        }
        assertThat(out().resolve(FIRST_DIR)).doesNotExist();
        assertThat(out().resolve("02_g" + FIRST.hash() + "_zynq--Add-a-thing/one/log"))
                .hasContent("x");
    }

    @Test
    void aSecondDirectoryOfTheSameCommitIsLeftAlone() throws Exception {
        store("one", 0, "x");
        Files.createDirectories(out().resolve("00_g" + FIRST.hash() + "_other/two"));

        try (ResultStore store = open()) {
            assertThat(store.previous()).containsOnlyKeys(new Cell("one", 0));
        }
        assertThat(out().resolve("00_g" + FIRST.hash() + "_other/two")).exists();
    }

    @Test
    void removesOnlyTheDirectoriesOfObsoleteCommits() throws Exception {
        String gone = "c".repeat(40);
        String other = "d".repeat(40);
        Path goneDir = Files.createDirectories(out().resolve("07_g" + gone + "_old/board"));
        Path otherDir = Files.createDirectories(out().resolve("08_g" + other + "_other-branch"));
        Path notOurs = Files.createDirectories(out().resolve("notes_g" + gone));
        BuildRequest request = new BuildRequest(
                Path.of("x"),
                BOARDS,
                List.of(FIRST, SECOND),
                false,
                out(),
                BuildOptions.DEFAULT,
                Rebuild.MISSING,
                Set.of(gone),
                false,
                false);

        ResultStore.open(request, 1 << 20).close();

        assertThat(goneDir.getParent()).doesNotExist();
        assertThat(otherDir).exists();
        assertThat(notOurs).exists();
    }

    @Test
    void symbolicLinksAreNeverFollowedOut() throws Exception {
        Path outside = Files.createDirectories(temp.resolve("outside/keep"));
        Files.createDirectories(out());
        Files.createSymbolicLink(out().resolve(FIRST_DIR), outside.getParent());
        String gone = "c".repeat(40);
        Files.createSymbolicLink(out().resolve("09_g" + gone + "_x"), outside.getParent());

        store("one", 0, "x");
        Path cell = out().resolve(FIRST_DIR).resolve("one");
        FileTrees.delete(cell);
        Files.createSymbolicLink(cell, outside.getParent());
        store("one", 0, "y");

        assertThat(names(temp.resolve("outside"))).containsExactly("keep");
        assertThat(Files.isSymbolicLink(cell)).isFalse();
        assertThat(read("one/log")).isEqualTo("y");
    }

    @Test
    void theCurrentSourceHasNoCommitLevelAndIsReusedOnlyIfItIsTheSame() throws Exception {
        BuildRequest request = current(FIRST);
        try (ResultStore store = ResultStore.open(request, 1 << 20)) {
            store.begin(new Cell("one", 0)).commit(0, Optional.empty());
        }

        assertThat(out().resolve("one/done")).hasContent("0");
        assertThat(ResultStore.peek(request)).hasSize(1);
        assertThat(ResultStore.peek(current(SECOND))).isEmpty();
    }

    @Test
    void aSecondBossIsToldWhoHasTheDirectory() {
        try (ResultStore first = open()) {
            assertThat(first.outputDir()).isEqualTo(out());
            assertThatThrownBy(this::open)
                    .isInstanceOf(BuildbossException.class)
                    .hasMessageMatching("output directory \\S+ is in use by \\S+@\\S+ process "
                            + ProcessHandle.current().pid() + " since \\S+Z; wait for it, or choose another with -o");
        }
        open().close();
    }

    @Test
    void anOutputThatIsAFileIsRefusedInWords() throws Exception {
        Files.writeString(out(), "");

        assertThatThrownBy(this::open)
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining(out() + " is not a directory");
    }

    @Test
    void refusesNamesOrderAndSizesThatAreAgainstTheRules() throws Exception {
        try (ResultStore store = ResultStore.open(request(Rebuild.MISSING), 10)) {
            assertThatThrownBy(() -> store.begin(new Cell("one", 0)).text("../x", ""))
                    .isInstanceOf(CellWriter.RefusedException.class);
            assertThatThrownBy(() -> store.begin(new Cell("one", 0)).text("done", "0"))
                    .isInstanceOf(CellWriter.RefusedException.class);
            assertThatThrownBy(() -> store.begin(new Cell("one", 0)).text("log", "12345678901"))
                    .isInstanceOf(CellWriter.TooLargeException.class);
            CellWriter twice = store.begin(new Cell("one", 0));
            twice.text("log", "1");
            assertThatThrownBy(() -> twice.text("log", "2")).isInstanceOf(CellWriter.RefusedException.class);
            CellWriter mixed = store.begin(new Cell("one", 0));
            mixed.append("log", ByteString.fromString("1"), false);
            assertThatThrownBy(() -> mixed.text("err", "2")).isInstanceOf(CellWriter.RefusedException.class);
            CellWriter cut = store.begin(new Cell("one", 0));
            cut.append("log", ByteString.fromString("1"), false);
            assertThatThrownBy(() -> cut.commit(0, Optional.empty())).isInstanceOf(CellWriter.RefusedException.class);
        }
        assertThat(out().resolve(FIRST_DIR)).doesNotExist();
    }

    private static void copyAsAWorkerWould(ResultStore store, Cell cell, Path from) throws IOException {
        CellWriter writer = store.begin(cell);
        for (String name : names(from)) {
            if (!name.equals("done")) {
                byte[] bytes = Files.readAllBytes(from.resolve(name));
                int half = bytes.length / 2;
                ByteString all = ByteString.fromArray(bytes);
                writer.append(name, all.take(half), false);
                writer.append(name, all.drop(half), true);
            }
        }
        writer.commit(Integer.parseInt(Files.readString(from.resolve("done"))), Optional.empty());
    }

    private Path out() {
        return temp.resolve("out");
    }

    private ResultStore open() {
        return ResultStore.open(request(Rebuild.MISSING), 1 << 20);
    }

    private void store(String board, int commit, String log) throws IOException {
        try (ResultStore store = open()) {
            CellWriter writer = store.begin(new Cell(board, commit));
            writer.text("log", log);
            writer.commit(0, Optional.empty());
        }
    }

    private String read(String file) throws IOException {
        return Files.readString(out().resolve(FIRST_DIR).resolve(file));
    }

    private BuildRequest request(Rebuild rebuild) {
        return BuildRequest.of(Path.of("x"), BOARDS, List.of(FIRST, SECOND), out())
                .withRebuild(rebuild);
    }

    private BuildRequest current(Commit commit) {
        return new BuildRequest(
                Path.of("x"),
                BOARDS,
                List.of(commit),
                true,
                out(),
                BuildOptions.DEFAULT,
                Rebuild.MISSING,
                Set.of(),
                false,
                false);
    }

    private static Path recorded() throws Exception {
        URI uri = ResultStoreTest.class.getResource("/results-on-disk").toURI();
        return Path.of(uri);
    }

    private static List<String> names(Path dir) throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> result = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                result.put(root.relativize(file).toString(), new String(Files.readAllBytes(file), UTF_8));
            }
        }
        return result;
    }
}
