package dev.buildboss.report.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Confirmation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsReaderTest {

    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";
    private static final String HASH2 = "1123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path dir;

    private Path cell(String commit, String board, String done, String err) throws IOException {
        Path cell = Files.createDirectories(dir.resolve(commit).resolve(board));
        Files.writeString(cell.resolve("done"), done);
        if (!err.isEmpty()) {
            Files.writeString(cell.resolve("err"), err);
        }
        return cell;
    }

    /** As if all had been there for a while: what is younger than two seconds is never taken from an index. */
    private void age() throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.toList()) {
                if (!path.toString().contains(ResultsIndex.DIRECTORY)) {
                    Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L));
                }
            }
        }
    }

    static Path recorded() {
        return Path.of("../core/src/test/resources/results-on-disk");
    }

    @Test
    void readsWhatTheExistingToolLeft() {
        Matrix matrix = ResultsReader.of(recorded()).withoutIndex().read();

        assertThat(matrix.commits())
                .extracting(MatrixCommit::subject)
                .containsExactly("lib--Print-an-extra-", "zynq--Add-an-unused-", "versal--Break-the-bu");
        assertThat(matrix.boards())
                .extracting(Board::target, Board::arch)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("xilinx_versal_mini", "aarch64"),
                        org.assertj.core.groups.Tuple.tuple("zynq_cse_nor", "arm"));
        assertThat(matrix.history("xilinx_versal_mini").kind(2)).contains(Kind.FAILED);
        assertThat(matrix.cell(0, "zynq_cse_nor").sizes())
                .containsExactly(
                        new ImageSize("u-boot", 107_210 - 0x2a52, 2_124, 0, 0x2a52),
                        new ImageSize("spl/u-boot-spl", 25_086 - 0x646, 8_848, 396, 0x646));
    }

    @Test
    void takesCommitsFromARepositoryByTheirHashWhateverTheirNumber() throws IOException {
        cell("07_g" + HASH2 + "_two", "oak", "0", "");
        cell("01_g" + HASH.substring(0, 8) + "_one", "oak", "2\n", "x");

        Matrix matrix = ResultsReader.of(dir)
                .withCommits(List.of(new Commit(HASH, "one: all"), new Commit(HASH2, "two: all")))
                .read();

        assertThat(matrix.commits()).extracting(MatrixCommit::number).containsExactly(1, 2);
        assertThat(matrix.history("oak").kind(0)).contains(Kind.FAILED);
        assertThat(matrix.history("oak").kind(1)).contains(Kind.OK);
    }

    @Test
    void readsTheCurrentSourcesResultsWithoutACommitLevel() throws IOException {
        cell("", "oak", "0\n", "");

        Matrix matrix = ResultsReader.of(dir).read();

        assertThat(matrix.current()).isTrue();
        assertThat(matrix.cell(0, "oak").isBuilt()).isTrue();
    }

    @Test
    void findsTheSeriesBelowWhatWasGivenAsOutputDirectory() throws IOException {
        cell("work/01_g" + HASH + "_s", "oak", "0", "");
        cell("current", "oak", "0", "");

        assertThat(ResultsReader.find(dir)).containsExactly(dir.resolve("current"), dir.resolve("work"));
        assertThat(ResultsReader.find(dir.resolve("work"))).containsExactly(dir.resolve("work"));
    }

    @Test
    void saysDamageCellByCellAndReadsTheRest() throws IOException {
        String commit = "01_g" + HASH + "_s";
        cell(commit, "empty", "", "");
        cell(commit, "words", "zero", "");
        cell(commit, "interrupted", "-1\n", "");
        Files.writeString(cell(commit, "sizes", "0", "").resolve("sizes"), "  1 2\n \0\0\0 garbage\n");
        Files.createDirectories(cell(commit, "dir", "0", "").resolve("err"));
        Files.createDirectories(dir.resolve(commit).resolve("noresult"));
        Path done =
                Files.createDirectories(dir.resolve(commit).resolve("donedir")).resolve("done");
        Files.createDirectories(done);
        cell(commit, "good", "0", "");
        Files.writeString(cell(commit, "binary", "0", "").resolve("err"), "\0\1\u001b[31m\ufffd");
        Files.createDirectories(dir.resolve(commit).resolve("bad name"));

        Matrix matrix = ResultsReader.of(dir).read();

        assertThat(matrix.cell(0, "empty").damage()).containsExactly("done is empty");
        assertThat(matrix.cell(0, "words").damage()).containsExactly("done holds no number");
        assertThat(matrix.cell(0, "interrupted")).isEqualTo(CellReport.MISSING);
        assertThat(matrix.cell(0, "sizes").damage()).containsExactly("sizes has a line that is none");
        assertThat(matrix.cell(0, "sizes").outcome()).contains(new Built(Kind.OK, 0));
        assertThat(matrix.cell(0, "dir").damage()).containsExactly("err is no file");
        assertThat(matrix.cell(0, "donedir").damage()).contains("done is no file");
        assertThat(matrix.cell(0, "noresult").isBuilt()).isFalse();
        assertThat(matrix.board("noresult")).isPresent();
        assertThat(matrix.cell(0, "good").outcome()).contains(new Built(Kind.OK, 0));
        assertThat(matrix.cell(0, "binary").outcome()).contains(new Built(Kind.WARNING, 0));
        assertThat(matrix.problems()).singleElement().asString().contains("bad name");
    }

    @Test
    void neverWaitsForAPipe() throws Exception {
        Path cell = cell("01_g" + HASH + "_s", "oak", "0", "");
        new ProcessBuilder("mkfifo", cell.resolve("err").toString()).start().waitFor();

        assertThat(ResultsReader.of(dir).read().cell(0, "oak").damage()).contains("err is no file");
    }

    @Test
    void boundsWhatItTakesIntoMemory() throws IOException {
        String commit = "01_g" + HASH + "_s";
        cell(commit, "long", "0", "x y\n".repeat(1_000));
        cell(commit, "many", "0", "a\nb\nc\nd\n");

        Matrix matrix = ResultsReader.of(dir)
                .withLimits(new Limits(1_000, 3, 1_000_000, 1_000_000))
                .read();

        assertThat(matrix.cell(0, "long").damage()).singleElement().asString().contains("longer than 1000 bytes");
        assertThat(matrix.cell(0, "many").diagnostics()).hasSize(3);
        assertThat(matrix.cell(0, "many").damage()).singleElement().asString().contains("more than 3");
        assertThat(ResultsReader.of(dir)
                        .withoutIndex()
                        .withLimits(new Limits(1_000, 3, 1, 1))
                        .read()
                        .cells()
                        .flatMap(c -> c.damage().stream()))
                .anyMatch(d -> d.contains("too many different errors"));
    }

    @Test
    void readsTheSameFromTheIndex() throws IOException {
        String commit = "01_g" + HASH + "_s";
        cell(commit, "oak", "2", "a.c:1:2: error: x\n   1 | x\n");
        Files.writeString(cell(commit, "elm", "0", "w").resolve("sizes"), " 10 2 3 15 f u-boot 00000002\n");
        Files.writeString(cell(commit, "ash", "x", "").resolve("host"), "ruru\n");
        age();

        Matrix first = ResultsReader.of(dir).read();
        assertThat(dir.resolve(".buildboss/summary-index")).exists();
        // A different content with the same times can't be told: so this shows that the index was used.
        Files.writeString(dir.resolve(commit).resolve("oak/done"), "0");
        age();
        Matrix second = ResultsReader.of(dir).read();

        for (String board : List.of("oak", "elm", "ash")) {
            assertThat(second.cell(0, board)).isEqualTo(first.cell(0, board));
        }
        assertThat(second.cell(0, "ash").machine()).isEqualTo("ruru");
    }

    @Test
    void readsLongTextsFromTheIndexAsTheyWere() throws IOException {
        String commit = "01_g" + HASH + "_s";
        for (int board = 0; board < 40; board++) {
            cell(commit, "b" + board, "2", "a.c:1:2: error: ‘b" + board + "’ " + "ä€x".repeat(1_000) + "\n");
        }
        age();
        List<CellReport> first = ResultsReader.of(dir).read().cells().toList();
        // A different content with the same times can't be told: so this shows that the index was used.
        Files.writeString(dir.resolve(commit).resolve("b7/done"), "0");
        age();

        assertThat(ResultsReader.of(dir).read().cells().toList()).isEqualTo(first);
    }

    @Test
    void takesAnIndexThatDoesNotFitIntoMemoryForNone() throws IOException {
        cell("01_g" + HASH + "_s", "oak", "2", "x");
        Path index = dir.resolve(".buildboss/summary-index");
        Files.createDirectories(index.resolveSibling("."));
        try (RandomAccessFile file = new RandomAccessFile(index.toFile(), "rw")) {
            file.setLength(Runtime.getRuntime().maxMemory());
        }

        assertThat(ResultsReader.of(dir).read().cell(0, "oak").kind()).isEqualTo(Kind.FAILED);
    }

    @Test
    void keepsNothingInTheIndexThatThereWasNoRoomFor() throws IOException {
        String commit = "01_g" + HASH + "_s";
        cell(commit, "oak", "2", "a.c:1:2: error: x\n");
        cell(commit, "elm", "2", "a.c:1:2: error: y\n");
        age();
        Limits small = new Limits(1_000, 3, 1, 1_000_000);
        assertThat(ResultsReader.of(dir).withLimits(small).read().cells().flatMap(c -> c.damage().stream()))
                .containsExactly(CellReport.LEFT_OUT, CellReport.LEFT_OUT);

        Limits enough = new Limits(1_000, 3, 1_000_000, 1_000_000);

        assertThat(ResultsReader.of(dir).withLimits(enough).read().cells().flatMap(c -> c.damage().stream()))
                .isEmpty();
    }

    @Test
    void keepsInTheIndexWhatWasNotAskedForUnlessItsCommitIsGone() throws IOException {
        String one = "01_g" + HASH + "_s";
        String two = "02_g" + HASH2 + "_s";
        cell(one, "oak", "2", "a.c:1:2: error: x\n");
        cell(two, "oak", "0", "w");
        age();
        Matrix first = ResultsReader.of(dir).read();
        cell(one, "elm", "0", "");
        age();
        ResultsReader.of(dir).withBoards(List.of(Board.of("elm", "arm"))).read();

        // Different contents with the same times: so only the index can tell what was there.
        Files.writeString(dir.resolve(one).resolve("oak/done"), "0");
        Files.writeString(dir.resolve(two).resolve("oak/done"), "2");
        Files.writeString(dir.resolve(one).resolve("elm/done"), "2");
        age();
        Matrix second = ResultsReader.of(dir).read();

        assertThat(second.cell(0, "oak")).isEqualTo(first.cell(0, "oak"));
        assertThat(second.cell(1, "oak")).isEqualTo(first.cell(1, "oak"));
        assertThat(second.cell(0, "elm").kind()).isEqualTo(Kind.OK);

        Files.move(dir.resolve(two), dir.resolve("03_g" + HASH2 + "_s"));
        assertThat(ResultsReader.of(dir).read().cell(1, "oak").kind()).isEqualTo(Kind.FAILED);
    }

    @Test
    void readsAgainWhatWasStillBeingCopiedWithItsTimes() throws IOException {
        String commit = "01_g" + HASH + "_s";
        Path oak = cell(commit, "oak", "0", "");
        age();
        assertThat(ResultsReader.of(dir).read().cell(0, "oak").sizes()).isEmpty();

        Files.writeString(oak.resolve("sizes"), " 10 2 3 15 f u-boot 00000002\n");
        Files.setLastModifiedTime(oak.resolve("sizes"), FileTime.fromMillis(1_700_000_000_000L));

        assertThat(ResultsReader.of(dir).read().cell(0, "oak").sizes()).hasSize(1);
    }

    @Test
    void readsAgainWhatGotOrLostAnErrorText() throws IOException {
        String commit = "01_g" + HASH + "_s";
        Path oak = cell(commit, "oak", "0", "w");
        Path elm = cell(commit, "elm", "0", "");
        age();
        ResultsReader.of(dir).read();

        Files.delete(oak.resolve("err"));
        Files.writeString(elm.resolve("err"), "w");

        Matrix matrix = ResultsReader.of(dir).read();
        assertThat(matrix.cell(0, "oak").kind()).isEqualTo(Kind.OK);
        assertThat(matrix.cell(0, "elm").kind()).isEqualTo(Kind.WARNING);
    }

    @Test
    void readsAgainWhatChangedSinceTheIndexWasMade() throws IOException {
        String commit = "01_g" + HASH + "_s";
        Path oak = cell(commit, "oak", "2", "x");
        age();
        ResultsReader.of(dir).read();

        Files.writeString(oak.resolve("done"), "0");

        assertThat(ResultsReader.of(dir).read().cell(0, "oak").outcome())
                .isEqualTo(Optional.of(new Built(Kind.WARNING, 0)));
    }

    @Test
    void readsWhatBuildingAFailureAgainToldAndLooksAgainAtWhatIsStillOpen() throws IOException {
        String commit = "01_g" + HASH + "_s";
        Path oak = cell(commit, "oak", "2", "x");
        Confirmation open = Confirmation.open("m1", 2);
        Files.writeString(oak.resolve(Confirmation.FILE), open.text());
        Files.writeString(cell(commit, "elm", "0", "").resolve(Confirmation.FILE), "what?");
        age();
        Matrix first = ResultsReader.of(dir).read();
        assertThat(first.cell(0, "oak").confirmation()).contains(open);
        assertThat(first.cell(0, "elm").damage()).containsExactly("confirmation says nothing that is known");

        Confirmation confirmed = open.with(Confirmation.Verdict.CODE, "m2");
        Files.writeString(oak.resolve(Confirmation.FILE), confirmed.text());
        age();

        assertThat(ResultsReader.of(dir).read().cell(0, "oak").confirmation()).contains(confirmed);
        assertThat(ResultsReader.of(dir).read().cell(0, "oak").confirmation()).contains(confirmed);
    }

    @Test
    void aCellWhoseErrorTextCannotBeReadIsNotTakenForWell() throws IOException {
        String commit = "01_g" + HASH + "_s";
        Path oak = cell(commit, "oak", "0", "");
        Path elm = cell(commit, "elm", "2", "");
        for (Path cell : List.of(oak, elm)) {
            Files.deleteIfExists(cell.resolve("err"));
            Files.createDirectory(cell.resolve("err"));
        }

        Matrix matrix = ResultsReader.of(dir).withoutIndex().read();

        assertThat(matrix.cell(0, "oak").outcome()).isEmpty();
        assertThat(matrix.cell(0, "oak").damage()).containsExactly("err is no file");
        assertThat(matrix.cell(0, "elm").outcome()).contains(new Built(Kind.FAILED, 2));
    }

    @Test
    void takesADamagedIndexForNone() throws IOException {
        cell("01_g" + HASH + "_s", "oak", "0", "x");
        age();
        Matrix wanted = ResultsReader.of(dir).read();
        Path index = dir.resolve(".buildboss/summary-index");
        byte[] good = Files.readAllBytes(index);

        for (int i = 0; i < good.length; i += 7) {
            byte[] bad = good.clone();
            bad[i] ^= 0x55;
            Files.write(index, bad);
            assertThat(ResultsReader.of(dir).read().cell(0, "oak")).isEqualTo(wanted.cell(0, "oak"));
        }
        Files.write(index, java.util.Arrays.copyOf(good, good.length / 2));
        assertThat(ResultsReader.of(dir).read().cell(0, "oak")).isEqualTo(wanted.cell(0, "oak"));
        assertThat(index).hasBinaryContent(good);
    }

    @Test
    void namesTheDirectoryThatIsNotThere() throws IOException {
        assertThatThrownBy(() -> ResultsReader.of(dir.resolve("no")).read())
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("no such directory");
        Files.writeString(dir.resolve("file"), "");
        assertThatThrownBy(() -> ResultsReader.of(dir.resolve("file")).read()).hasMessageContaining("not a directory");
    }
}
