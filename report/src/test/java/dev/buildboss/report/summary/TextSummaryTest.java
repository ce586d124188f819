package dev.buildboss.report.summary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Commit;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.ResultsReader;
import dev.buildboss.report.summary.TextOptions.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSummaryTest {

    private static final Path RECORDED = Path.of("../core/src/test/resources/results-on-disk");
    private static final String HASH = "0123456789abcdef0123456789abcdef0123456";

    /**
     * What the recorded summary says, by line (from 1), and what ours says in its place. A diagnostic is one thing: the excerpt
     * goes with the warning, as a warning, below it.
     */
    private static final Map<Integer, String> MOVED_OR_CHANGED = Map.ofEntries(
            Map.entry(
                    9,
                    "w+../arch/arm/mach-zynq/cpu.c:151:12: warning: ‘peer_unused’ defined but not used [-Wunused-function]"),
            Map.entry(10, "w+  151 | static int peer_unused(void)"),
            Map.entry(11, "w+      |            ^~~~~~~~~~~"),
            Map.entry(14, "+../arch/arm/mach-versal/cpu.c:185:2: error: #error peer test: versal is broken here"),
            Map.entry(15, "+  185 | #error peer test: versal is broken here"),
            Map.entry(16, "+      |  ^~~~~"),
            Map.entry(17, "+make[2]: *** [../scripts/Makefile.build:272: arch/arm/mach-versal/cpu.o] Error 1"),
            Map.entry(18, "+make[1]: *** [Makefile:2385: arch/arm/mach-versal] Error 2"),
            Map.entry(19, "+make: *** [Makefile:189: __sub-make] Error 2"),
            Map.entry(
                    20,
                    "w-../arch/arm/mach-zynq/cpu.c:151:12: warning: ‘peer_unused’ defined but not used [-Wunused-function]"),
            Map.entry(21, "w-  151 | static int peer_unused(void)"),
            Map.entry(22, "w-      |            ^~~~~~~~~~~"));

    @TempDir
    private Path dir;

    private static Matrix recorded() {
        return ResultsReader.of(RECORDED)
                .withoutIndex()
                .withCommits(List.of(
                        new Commit("c7b1b5d2b4672bd1d1ddcc39faf1e15f20a116a9", "lib: Print an extra banner line"),
                        new Commit(
                                "b8de136e3e3eda3f564a582aff689ea97d4d98c7",
                                "zynq: Add an unused function (warns on zynq)"),
                        new Commit(
                                "f46cebc6ad09b1451c662f37fb6e8738572f57be",
                                "versal: Break the build (fails on versal)")))
                .read();
    }

    private static List<String> text(Matrix matrix, Part... parts) {
        return new TextSummary(new Summary(matrix), TextOptions.of(parts), Limits.DEFAULT)
                .lines()
                .map(TextLine::text)
                .toList();
    }

    private Path cell(int commit, String board, int code, String err) throws IOException {
        Path cell = Files.createDirectories(dir.resolve("%02d_g%s%d_subject-%d".formatted(commit, HASH, commit, commit))
                .resolve(board));
        Files.writeString(cell.resolve("done"), code + "\n");
        Files.writeString(cell.resolve("err"), err);
        Files.writeString(cell.resolve("toolchain"), "gcc /x/gcc\narch arm\n0\n");
        return cell;
    }

    private List<String> text(Part... parts) {
        return text(ResultsReader.of(dir).withoutIndex().read(), parts);
    }

    @Test
    void equalsTheRecordedSummaryButForWhatIsBetter() throws IOException {
        List<String> wanted = new ArrayList<>(Files.readAllLines(Path.of("src/test/resources/summary-sSe.txt"), UTF_8));
        MOVED_OR_CHANGED.forEach((line, text) -> wanted.set(line - 1, text));

        Summary summary = new Summary(recorded());
        List<String> ours = new ArrayList<>();
        ours.add(new TextSummary(summary, TextOptions.of(), Limits.DEFAULT).heading("2 threads, 1 job per thread"));
        ours.addAll(text(recorded(), Part.SIZES, Part.ERRORS));

        assertThat(ours).containsExactlyElementsOf(wanted);
    }

    @Test
    void saysTheSameLinesAsTheRecordedSummaryWithoutTheirSigns() throws IOException {
        // So that the list above can't hide a line that is lost.
        List<String> recorded = Files.readAllLines(Path.of("src/test/resources/summary-sSe.txt"), UTF_8);

        assertThat(text(recorded(), Part.SIZES, Part.ERRORS).stream().map(TextSummaryTest::bare))
                .containsExactlyInAnyOrderElementsOf(
                        recorded.stream().skip(1).map(TextSummaryTest::bare).toList());
    }

    private static String bare(String line) {
        return line.replaceFirst("^w?([+-])", "$1");
    }

    @Test
    void givesDirectoriesNamesForSubjectsWithoutARepository() {
        assertThat(text(ResultsReader.of(RECORDED).withoutIndex().read()))
                .startsWith("01: lib--Print-an-extra-", "       arm:  w+   zynq_cse_nor");
    }

    @Test
    void putsEachArchitecturesBoardsOnOneLineByWhatHappened() throws IOException {
        cell(1, "ash", 0, "");
        cell(1, "elm", 2, "");
        cell(1, "fir", 0, "");
        cell(2, "ash", 2, "");
        cell(2, "elm", 0, "");
        cell(2, "oak", 0, "");
        cell(2, "yew", 0, "w");

        assertThat(text(Part.UNKNOWN))
                .containsExactly(
                        "01: subject-1",
                        "       arm:  +   elm ?   oak yew",
                        "02: subject-2",
                        "       arm:  +   ash w+   yew    elm *   oak ?   fir");
    }

    @Test
    void listsTheBoardsOfEachErrorOnRequest() throws IOException {
        cell(1, "ash", 2, "a.c:1:1: error: e\n    1 | \tx\n");
        cell(1, "elm", 2, "a.c:1:1: error: e\n    1 | \tx\n");

        assertThat(text(Part.ERRORS, Part.ERROR_BOARDS))
                .endsWith("+(ash elm) a.c:1:1: error: e", "+(ash elm)     1 | \tx");
    }

    @Test
    void saysOnlyThatErrorsMoved() throws IOException {
        cell(1, "ash", 0, "a.c:1:1: warning: w\n");
        cell(2, "ash", 0, "a.c:2:1: warning: w\n");

        assertThat(text(Part.ERRORS)).endsWith("02: subject-2", "   (1 error or warning only moved to other lines)");
    }

    @Test
    void showsSizesOfImagesBoardsAndFunctions() throws IOException {
        Path before = cell(1, "ash", 0, "");
        Path now = cell(2, "ash", 0, "");
        Files.writeString(before.resolve("sizes"), " 100 8 4 112 70 u-boot 00000010\n 50 0 0 50 32 spl/u-boot-spl 0\n");
        Files.writeString(now.resolve("sizes"), " 120 8 2 130 82 u-boot 00000014\n 54 0 0 54 36 spl/u-boot-spl 0\n");
        Files.writeString(before.resolve("u-boot.sizes"), "00000010 T gone\n00000020 t f\n00000030 T same\n");
        Files.writeString(now.resolve("u-boot.sizes"), "00000012 T fresh\n00000030 t f\n00000030 T same\n");
        cell(1, "elm", 0, "");
        cell(2, "elm", 0, "");

        assertThat(text(Part.SIZES, Part.BOARD_SIZES, Part.FUNCTIONS))
                .containsExactly(
                        "01: subject-1",
                        "02: subject-2",
                        "       arm: (for 1/2 boards) all +18.0 bss -2.0 rodata +4.0 spl/u-boot-spl:all +4.0"
                                + " spl/u-boot-spl:text +4.0 text +16.0",
                        "            ash            : all +18 bss -2 rodata +4 spl/u-boot-spl:all +4"
                                + " spl/u-boot-spl:text +4 text +16",
                        "               u-boot: add: 1/-1, grow: 1/0 bytes: 34/-16 (18)",
                        "                 function                                   old     new   delta",
                        "                 fresh                                        -      18     +18",
                        "                 f                                           32      48     +16",
                        "                 gone                                        16       -     -16");
    }

    @Test
    void showsConfigurationAndEnvironment() throws IOException {
        for (String board : List.of("ash", "elm")) {
            Path before = cell(1, board, 0, "");
            Path now = cell(2, board, 0, "");
            Files.writeString(
                    before.resolve("u-boot.cfg"), "#define CONFIG_A 1\n#define CONFIG_B 2\n#define CONFIG_C\n");
            Files.writeString(
                    now.resolve("u-boot.cfg"), "#define CONFIG_B 3\n#define CONFIG_C\n#define CONFIG_D \"x\"\n");
            Files.writeString(before.resolve("uboot.env"), "a=1\0b=\u001b[2J\0");
            Files.writeString(now.resolve("uboot.env"), "a=2\0\0");
        }

        assertThat(text(Part.CONFIG, Part.ENVIRONMENT))
                .containsExactly(
                        "01: subject-1",
                        "02: subject-2",
                        "ash elm:",
                        "   - uboot.env: b=\\x1b[2J",
                        "   c uboot.env: a=1 -> 2",
                        "ash elm:",
                        "   + u-boot.cfg: CONFIG_D=\"x\"",
                        "   - u-boot.cfg: CONFIG_A=1",
                        "   c u-boot.cfg: CONFIG_B=2 -> 3");
    }

    @Test
    void makesEscapesInLogsAndNamesInert() throws IOException {
        cell(1, "ash", 2, "a.c:1:1: error: \u001b]0;owned\u0007\u001b[2J\u202e\u009b31m\n");
        Files.createDirectories(dir.resolve("02_g" + HASH + "2_\u001b[31mred").resolve("ash\u001b[0m"));

        assertThat(text(Part.ERRORS, Part.UNKNOWN))
                .allSatisfy(line ->
                        assertThat(line.chars()).noneMatch(c -> c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x202e));
    }

    @Test
    void saysWhatIsDamagedAndGoesOn() throws IOException {
        Files.writeString(cell(1, "ash", 0, "").resolve("done"), "");
        cell(1, "elm", 2, "");

        assertThat(text()).containsExactly("01: subject-1", "       arm:  +   elm", "   damaged: ash: done is empty");
    }

    @Test
    void leavesOutWhatIsNotWanted() throws IOException {
        cell(1, "ash", 0, "x.dtb: Warning (reg_format): /soc: bad\n");
        cell(
                1,
                "elm",
                0,
                "=== WARNING ===\nThis board does not use CONFIG_DM_ETH (Driver\nSee doc/migration.rst\n==========\n");
        Matrix matrix = ResultsReader.of(dir).withoutIndex().read();

        assertThat(text(matrix)).contains("       arm:  w+   ash elm");
        assertThat(text(matrix.without(Unwanted.deviceTreeWarnings()))).contains("       arm:  w+   elm");
        assertThat(text(matrix.without(Unwanted.deviceTreeWarnings().or(Unwanted.migrationWarnings()))))
                .containsExactly("01: subject-1");
    }
}
