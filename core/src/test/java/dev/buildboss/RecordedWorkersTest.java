package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.testing.RecordedWorker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our boss drives the recorded workers of the existing implementation, and those that deviate from them. */
class RecordedWorkersTest extends RunsOnFakes {

    private static final String FIRST = "c7b1b5d2b4672bd1d1ddcc39faf1e15f20a116a9";
    private static final String SECOND = "b8de136e3e3eda3f564a582aff689ea97d4d98c7";
    private static final String THIRD = "f46cebc6ad09b1451c662f37fb6e8738572f57be";
    private static final String ZYNQ = "zynq_cse_nor";
    private static final String VERSAL = "xilinx_versal_mini";
    private static final List<Board> BOARDS = List.of(Board.of(ZYNQ, "arm"), Board.of(VERSAL, "aarch64"));
    private static final String DEMAND = "20-demand-2x2.txt";
    private static final String BATCH = "21-batch-2x2-failing.txt";

    @Test
    void storesWhatAWorkerSaidOnDemand() throws Exception {
        BuildReport report = run(DEMAND);

        // The first commit's warning is about a setting, and no warning of a compiler: but it is in `err`.
        assertThat(report.outcomes())
                .containsEntry(new Cell(VERSAL, 0), new Built(Kind.OK, 0))
                .containsEntry(new Cell(VERSAL, 1), new Built(Kind.OK, 0))
                .containsEntry(new Cell(ZYNQ, 0), new Built(Kind.WARNING, 0))
                .containsEntry(new Cell(ZYNQ, 1), new Built(Kind.WARNING, 0))
                .hasSize(4);
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.WARNINGS);
        assertThat(filesBelow(cell(0, FIRST, VERSAL))).containsExactly("done", "host", "log", "sizes");
        assertThat(filesBelow(cell(0, FIRST, ZYNQ))).containsExactly("done", "err", "host", "log", "sizes");
        assertThat(cell(0, FIRST, ZYNQ).resolve("sizes"))
                .content()
                .contains("\tu-boot")
                .doesNotContain("/srv/");
        assertThat(cell(1, SECOND, ZYNQ).resolve("err")).content().contains("‘peer_unused’ defined but not used");
    }

    @Test
    void storesTheConfigurationOfAFailedBoard() throws Exception {
        BuildReport report = runSeries(BATCH, SECOND, THIRD);

        assertThat(report.outcomes()).containsEntry(new Cell(VERSAL, 1), new Built(Kind.FAILED, 2));
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.FAILED);
        Path failed = cell(1, THIRD, VERSAL);
        assertThat(failed.resolve("done")).hasContent("2");
        assertThat(failed.resolve("err")).content().contains("versal is broken here");
        assertThat(failed.resolve("sizes")).doesNotExist();
    }

    @Test
    void aBoardWithoutACompilerThereIsNotBuiltAndNamed() throws Exception {
        List<Board> board = List.of(Board.of("ls1012aqds", "m68k"));

        BuildReport report = run(
                QUICK,
                request(board, FIRST, SECOND),
                existing("m1"),
                machine -> new RecordedWorker("12-no-toolchain-arch.txt"));

        assertThat(report.outcomes().values()).hasSize(2).allSatisfy(outcome -> {
            assertThat(((NotBuilt) outcome).reason()).isEqualTo(Reason.NO_TOOLCHAIN);
            assertThat(((NotBuilt) outcome).detail()).contains("m68k");
        });
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
    }

    @Test
    void aConfigurationThatIsNotThereIsAVerdict() throws Exception {
        List<Board> board = List.of(Board.of("no_such_board", "arm"));

        BuildReport report = run(
                QUICK,
                request(board, FIRST),
                existing("m1"),
                machine -> new RecordedWorker("23-no-such-defconfig.txt"));

        assertThat(report.outcomes()).containsEntry(new Cell("no_such_board", 0), new Built(Kind.FAILED, 2));
    }

    @Test
    void aCellThatNeverGetsAResultIsNotBuiltWhenTheLimitIsOver() throws Exception {
        List<Board> board = List.of(Board.of(ZYNQ, "arm"));

        BuildReport report = run(
                "buildboss.boss { board-limit = 1 s, max-reconnects = 0, max-attempts = 1, quit-timeout = 1 s }",
                request(board, "0".repeat(40)),
                existing("m1"),
                machine -> new RecordedWorker("22-bad-commit-with-toolchain.txt"));

        assertThat(report.outcomes().get(new Cell(ZYNQ, 0))).isInstanceOf(NotBuilt.class);
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 65536})
    void readsTheSameWhateverTheChunks(int size) throws Exception {
        BuildReport report = run(QUICK, series(FIRST, SECOND), existing("m1"), machine -> new RecordedWorker(DEMAND) {
            @Override
            protected void write(String line) {
                ByteString bytes = ByteString.fromString(line + "\n");
                for (int from = 0; from < bytes.size(); from += size) {
                    raw(bytes.slice(from, Math.min(bytes.size(), from + size)));
                }
            }
        });

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.WARNINGS);
        assertThat(report.machines().get(0).cells()).isEqualTo(4);
    }

    @Test
    void passesOverNoiseBetweenTheLines() throws Exception {
        BuildReport report = run(QUICK, series(FIRST, SECOND), existing("m1"), machine -> new RecordedWorker(DEMAND) {
            @Override
            protected void write(String line) {
                super.write(
                        "Debian GNU/Linux \u001b[31m12\u001b[0m \\n \\l\n\nLast login: never\r\nBM>{\"resp\":\"no\"}");
                super.write(line);
            }
        });

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.WARNINGS);
    }

    @Test
    void takesABoardsResultsInAnyOrder() throws Exception {
        BuildReport report = run(QUICK, series(FIRST, SECOND), existing("m1"), machine -> new RecordedWorker(DEMAND) {
            @Override
            protected void board(String board) {
                List<String> reversed = new ArrayList<>(results(board));
                Collections.reverse(reversed); // the heartbeat comes last
                reversed.forEach(this::write);
            }
        });

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.WARNINGS);
        assertThat(cell(1, SECOND, ZYNQ).resolve("err")).content().contains("peer_unused");
        assertThat(cell(0, FIRST, ZYNQ).resolve("err")).content().doesNotContain("peer_unused");
    }

    @Test
    void buildsElsewhereWhatAWorkerLeftThatDiedAfterAnError() throws Exception {
        BuildReport report = run(QUICK, series(FIRST, SECOND), existing("m1", "m2"), machine -> {
            if (machine.name().equals("m2")) {
                return new RecordedWorker(DEMAND);
            }
            return new RecordedWorker(DEMAND) {
                @Override
                protected void board(String board) {
                    write("BM> {\"resp\": \"error\", \"msg\": \"no work directory set up\"}");
                    exit(-9);
                }
            };
        });

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.WARNINGS);
        assertThat(report.outcomes()).hasSize(4);
        assertThat(cell(1, SECOND, ZYNQ).resolve("host")).hasContent("m2");
        assertThat(cell(1, SECOND, VERSAL).resolve("host")).hasContent("m2");
    }

    @Test
    void buildsElsewhereWhatAKilledWorkerLeftAndKeepsWhatItHadBuilt() throws Exception {
        BuildReport report = run(QUICK, series(FIRST, SECOND), existing("m1"), machine -> new RecordedWorker(DEMAND) {
            @Override
            protected void board(String board) {
                List<String> lines = results(board);
                if (cell(0, FIRST, board).toFile().exists()) {
                    lines.forEach(this::write); // it can't be told to leave the first commit out
                } else {
                    lines.subList(0, 2).forEach(this::write);
                    raw(ByteString.fromString(lines.get(2).substring(0, 60)));
                    exit(-9);
                }
            }
        });

        assertThat(report.outcomes()).hasSize(4);
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.WARNINGS);
        assertThat(filesBelow(cell(1, SECOND, VERSAL))).containsExactly("done", "host", "log", "sizes");
        assertThat(out().resolve(".bm-work/staging")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"24-eof-while-building.txt", "25-kill9-while-building.txt", "26-sigterm-while-building.txt"})
    void buildsElsewhereWhatAWorkerHadThatWasEndedWhileBuilding(String recording) throws Exception {
        BuildReport report = run(QUICK, series(FIRST, SECOND), existing("m1", "m2"), machine -> {
            if (machine.name().equals("m2")) {
                return new RecordedWorker(DEMAND);
            }
            return new RecordedWorker(recording) {
                @Override
                protected void board(String board) {
                    super.board(board);
                    exit(-9);
                }
            };
        });

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.WARNINGS);
        assertThat(report.outcomes()).hasSize(4);
        assertThat(cell(1, SECOND, ZYNQ).resolve("host")).hasContent("m2");
        assertThat(cell(1, SECOND, VERSAL).resolve("host")).hasContent("m2");
    }

    private BuildReport run(String recording) throws Exception {
        return runSeries(recording, FIRST, SECOND);
    }

    private BuildReport runSeries(String recording, String... hashes) throws Exception {
        return run(QUICK, series(hashes), existing("m1"), machine -> new RecordedWorker(recording));
    }

    private BuildRequest series(String... hashes) {
        return request(BOARDS, hashes);
    }

    private Path cell(int commit, String hash, String board) {
        return out().resolve(String.format("%02d_g%s_a-subject", commit + 1, hash))
                .resolve(board);
    }
}
