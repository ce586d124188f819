package dev.buildboss.report.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left out where there is no room for all that was said, with an index and without one. */
class DiagnosticRoomTest {

    private static final String COMMIT = "01_g0123456789abcdef0123456789abcdef01234567_s";

    @TempDir
    private Path dir;

    private void says(String board, String... errors) throws IOException {
        says(1, board, errors);
    }

    private void says(int commit, String board, String... errors) throws IOException {
        Path cell =
                Files.createDirectories(dir.resolve(COMMIT.replace("01_g0", "0%d_g%d".formatted(commit, commit - 1)))
                        .resolve(board));
        Files.writeString(cell.resolve("err"), String.join("", errors));
        Files.writeString(cell.resolve("done"), "2\n");
    }

    /** Some 1,350 bytes with its key and what the objects take. */
    private static String error(String file) {
        return file + ".c:1:2: error: " + "x".repeat(480) + "\n";
    }

    /** As if all had been there for a while: what is too young is never taken from an index. */
    private void age() throws IOException {
        try (Stream<Path> all = Files.walk(dir.resolve(COMMIT))) {
            for (Path path : all.toList()) {
                Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L));
            }
        }
    }

    private ResultsReader withRoomFor(int errors) {
        return ResultsReader.of(dir).withLimits(new Limits(100_000, 100, errors * 1_700L, 1_000_000));
    }

    private static List<CellReport> leftOut(Matrix matrix) {
        return matrix.cells().filter(CellReport::isLeftOut).toList();
    }

    private static void assertSame(Matrix indexed, Matrix read) {
        assertThat(indexed.boards()).isEqualTo(read.boards());
        for (Board board : read.boards()) {
            assertThat(indexed.cell(0, board.target())).isEqualTo(read.cell(0, board.target()));
        }
    }

    @Test
    void countsOnceWhatTheIndexHasAndANewCellSaysToo() throws IOException {
        String common = error("a") + error("b") + error("c");
        says("oak", common);
        age();
        withRoomFor(6).read();
        says("elm", common, error("d"));
        says("ash", common, error("e"));
        says("fir", common, error("f"));

        Matrix indexed = withRoomFor(6).read();

        assertThat(leftOut(indexed)).isEmpty();
        assertSame(indexed, withRoomFor(6).withoutIndex().read());
    }

    @Test
    void countsNothingThatTheIndexHasOfCellsThatNobodyAskedFor() throws IOException {
        says("oak", error("a"), error("b"), error("c"));
        age();
        withRoomFor(4).read();
        says("elm", error("d"));
        says("ash", error("e"));

        List<Board> asked = List.of(Board.of("elm", ""), Board.of("ash", ""));

        assertThat(leftOut(withRoomFor(2).withBoards(asked).read())).isEmpty();
    }

    @Test
    void leavesOutTheSameWithAnIndexAsWithoutOne() throws IOException {
        says("oak", error("a"), error("b"), error("c"));
        age();
        withRoomFor(4).read();
        says("elm", error("d"), error("e"));
        says("ash", error("f"), error("g"));

        Matrix indexed = withRoomFor(4).read();

        assertThat(leftOut(indexed)).isNotEmpty();
        assertSame(indexed, withRoomFor(4).withoutIndex().read());
    }

    @Test
    void takesNothingOfAnIndexOfMoreThanThereIsRoomFor() throws IOException {
        for (String board : List.of("oak", "elm", "ash", "fir", "yew")) {
            says(board, error(board), error("common"));
        }
        age();
        withRoomFor(6).read();

        Matrix indexed = withRoomFor(3).read();

        assertThat(leftOut(indexed)).hasSize(3);
        assertSame(indexed, withRoomFor(3).withoutIndex().read());
    }

    @Test
    void hasRoomForTheFirstCommitsAndBoards() throws IOException {
        for (int commit = 1; commit <= 9; commit++) {
            says(commit, "oak", error("oak" + commit));
            says(commit, "elm", error("elm" + commit));
        }
        for (ResultsReader reader : List.of(withRoomFor(5), withRoomFor(5).withoutIndex())) {
            Matrix matrix = reader.read();

            for (int commit = 0; commit < 9; commit++) {
                assertThat(matrix.cell(commit, "elm").isLeftOut()).isEqualTo(commit > 2);
                assertThat(matrix.cell(commit, "oak").isLeftOut()).isEqualTo(commit > 1);
            }
        }
    }

    @Test
    void knowsHowACellEndedWhoseWordsAreLeftOutAndSaysHowManyThereAre() throws IOException {
        says("oak", error("a"));
        says("elm", error("b"));

        Matrix matrix = withRoomFor(1).read();

        assertThat(matrix.cells()).extracting(CellReport::kind).containsOnly(Kind.FAILED);
        assertThat(matrix.problems())
                .singleElement()
                .asString()
                .contains("what 1 of 2 results said")
                .contains("BUILDBOSS_HEAP=");
    }
}
