package dev.buildboss.report.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.ResultsReader;
import dev.buildboss.report.summary.TextOptions.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A summary of more different errors than the heap has room for, in a process of its own. */
@Tag("process")
class SmallHeapTest {

    private static final int BOARDS = 50;
    private static final int ERRORS_OF_EACH = 1_900;

    /** Arguments: a directory of results. Prints how many cells failed, how many of them are left out, and how much else is told. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) {
            Matrix matrix = ResultsReader.of(Path.of(args[0])).read();
            TextSummary text = new TextSummary(
                    new Summary(matrix), TextOptions.of(Part.ERRORS, Part.ERROR_BOARDS), Limits.DEFAULT);
            int[] lines = {0};
            new Summary(matrix).commits().forEach(commit -> text.commit(commit, line -> lines[0]++));
            System.out.println(matrix.cells().filter(CellReport::isBuilt).count() + " failed, "
                    + matrix.cells().filter(CellReport::isLeftOut).count() + " left out, "
                    + (lines[0] > ERRORS_OF_EACH ? "more" : "less") + " told, " + matrix.problems());
        }
    }

    @TempDir
    private Path dir;

    @Test
    void endsWithRightCountsAndSaysWhatItLeavesOut() throws Exception {
        for (int board = 0; board < BOARDS; board++) {
            says(board);
        }

        for (String how : new String[] {"without an index", "with one"}) {
            String said = summarise();

            assertThat(said)
                    .as(how)
                    .matches("50 failed, [1-9]\\d* left out, more told, \\[what .*BUILDBOSS_HEAP=.*\\]\n");
        }
    }

    private void says(int board) throws IOException {
        Path cell = dir.resolve("01_g0123456789abcdef0123456789abcdef01234567_s/board" + board);
        Files.createDirectories(cell);
        StringBuilder err = new StringBuilder();
        IntStream.range(0, ERRORS_OF_EACH)
                .forEach(i -> err.append("drivers/dir%d/file%d.c:%d:12: error: nothing is right with x%d of y%d\n"
                        .formatted(board, i % 20, i, i, board)));
        Files.writeString(cell.resolve("err"), err);
        Files.writeString(cell.resolve("done"), "2\n");
        for (Path path : new Path[] {cell.resolve("done"), cell}) {
            Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L)); // else no index is made
        }
    }

    private String summarise() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        dir.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
