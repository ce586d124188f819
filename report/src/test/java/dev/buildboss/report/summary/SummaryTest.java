package dev.buildboss.report.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.results.BoardHistory.Stretch;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.DiagnosticParser;
import dev.buildboss.report.results.ImageSize;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.summary.DiagnosticChange.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private final Map<String, List<CellReport>> rows = new TreeMap<>();

    private void board(String name, CellReport... cells) {
        rows.put(name, List.of(cells));
    }

    private static CellReport cell(int code, String err) {
        return sized(code, err, 100);
    }

    private static CellReport sized(int code, String err, long text) {
        return new CellReport(
                Optional.of(Built.of(code, !err.isEmpty())),
                DiagnosticParser.parse(err, 100),
                List.of(new ImageSize("u-boot", text, 1, 2, 3), new ImageSize("spl/u-boot-spl", 50, 1, 2, 3)),
                "",
                List.of());
    }

    private static final CellReport OK = cell(0, "");
    private static final CellReport NONE = CellReport.MISSING;

    private Summary summary() {
        int commits = rows.values().iterator().next().size();
        List<MatrixCommit> series = new ArrayList<>();
        List<Map<String, CellReport>> cells = new ArrayList<>();
        for (int i = 0; i < commits; i++) {
            series.add(new MatrixCommit(i + 1, "%040x".formatted(i), "subject " + i, Optional.empty()));
            Map<String, CellReport> row = new HashMap<>();
            for (Map.Entry<String, List<CellReport>> board : rows.entrySet()) {
                row.put(board.getKey(), board.getValue().get(i));
            }
            cells.add(row);
        }
        List<Board> boards = rows.keySet().stream().map(b -> Board.of(b, "arm")).toList();
        return new Summary(new Matrix(Path.of("x"), false, series, boards, cells, List.of()));
    }

    @Test
    void tellsBrokenWarningFixedAndNewBoards() {
        board("breaks", OK, cell(2, "a.c:1:1: error: e"), OK);
        board("late", NONE, OK, OK);
        board("latebad", NONE, cell(2, ""), NONE);
        board("warns", OK, cell(0, "a.c:1:1: warning: w"), cell(0, "a.c:1:1: warning: w"));

        Summary summary = summary();

        assertThat(summary.commit(0).outcomes().values()).allMatch(List::isEmpty);
        assertThat(summary.commit(1).boards(Change.BROKEN)).containsExactly("breaks", "latebad");
        assertThat(summary.commit(1).boards(Change.WARNS)).containsExactly("warns");
        assertThat(summary.commit(1).boards(Change.NEW)).containsExactly("late");
        assertThat(summary.commit(2).boards(Change.FIXED)).containsExactly("breaks");
        assertThat(summary.commit(2).unknown()).containsExactly("latebad");
    }

    @Test
    void comparesWithTheLastResultWhereSomeAreMissing() {
        board("oak", cell(2, "e"), NONE, cell(2, "e"), NONE, OK);

        assertThat(summary().commits().map(c -> c.boards(Change.BROKEN)))
                .containsExactly(List.of("oak"), List.of(), List.of(), List.of(), List.of());
        assertThat(summary().commit(4).boards(Change.FIXED)).containsExactly("oak");
    }

    @Test
    void tellsAnErrorThatOnlyMovedFromOneThatCame() {
        board("oak", cell(0, "a.c:1:1: warning: w\n"), cell(0, "a.c:9:1: warning: w\nb.c:1:1: warning: v\n"));

        List<DiagnosticChange> changes = summary().commit(1).diagnostics();

        assertThat(changes).hasSize(2);
        assertThat(changes).extracting(DiagnosticChange::kind).containsExactlyInAnyOrder(Kind.MOVED, Kind.ADDED);
        assertThat(summary().commit(1).diagnostics(Kind.MOVED).get(0).before())
                .hasValueSatisfying(d -> assertThat(d.headlineText()).contains("a.c:1:1"));
    }

    @Test
    void countsTheSameWarningAtASecondPlaceAsNew() {
        board("oak", cell(0, "a.c:1:1: warning: w\n"), cell(0, "a.c:1:1: warning: w\na.c:9:1: warning: w\n"));

        assertThat(summary().commit(1).diagnostics())
                .extracting(DiagnosticChange::kind)
                .containsExactly(Kind.ADDED);
    }

    @Test
    void namesEachErrorOnceWithItsBoards() {
        board("elm", OK, cell(2, "a.c:1:1: error: e\n"));
        board("oak", OK, cell(2, "a.c:1:1: error: e\nb.c:1:1: error: f\n"));

        assertThat(summary().commit(1).diagnostics())
                .extracting(DiagnosticChange::boards)
                .containsExactly(List.of("elm", "oak"), List.of("oak"));
    }

    @Test
    void comparesTheSizesOfEveryImage() {
        board("oak", sized(0, "", 100), sized(0, "", 108), sized(2, "e", 7));

        assertThat(summary().commit(1).sizes()).singleElement().satisfies(size -> {
            assertThat(size.deltas()).containsExactly(Map.entry("all", 8L), Map.entry("text", 8L));
            assertThat(size.since()).isZero();
        });
        assertThat(summary().commit(1).sized()).containsEntry("arm", 1);
        assertThat(summary().commit(2).sizes()).isEmpty();
    }

    @Test
    void suspectsAFlakeWhereNothingOfTheBoardChanged() {
        board("flaky", OK, cell(2, "ld: cannot open file: Input/output error\n"), OK);
        board("broken", OK, cell(2, "a.c:1:1: error: e\n"), OK);
        board("grew", OK, cell(2, "ld: region overflowed\n"), sized(0, "", 90));
        board("pair1", OK, cell(2, "error: no such tool\n"), OK);
        board("pair2", OK, cell(2, "error: no such tool\n"), OK);

        assertThat(summary().commit(1).flakes()).containsExactly("flaky");
    }

    private static CellReport leftOut(int code) {
        return new CellReport(
                Optional.of(Built.of(code, true)), List.of(), OK.sizes(), "", List.of(CellReport.LEFT_OUT));
    }

    @Test
    void concludesNothingFromWordsThatAreLeftOut() {
        CellReport warns = cell(0, "a.c:1:1: warning: w\n");
        board("elm", warns, leftOut(0), warns);
        board("flaky", OK, leftOut(2), OK);
        board("oak", OK, cell(2, "error: no such tool\n"), OK);

        assertThat(summary().commit(1).diagnostics())
                .extracting(DiagnosticChange::boards)
                .containsExactly(List.of("oak"));
        assertThat(summary().commit(2).diagnostics())
                .extracting(DiagnosticChange::kind, DiagnosticChange::boards)
                .containsExactly(tuple(Kind.GONE, List.of("oak")));
        assertThat(summary().commit(1).boards(Change.BROKEN)).containsExactly("flaky", "oak");
        assertThat(summary().commit(1).flakes()).isEmpty();
        assertThat(summary()
                        .matrix()
                        .history("elm")
                        .of(warns.diagnostics().get(0).key()))
                .containsExactly(new Stretch(0, Optional.empty(), Optional.empty()));
        assertThat(new TextSummary(summary(), TextOptions.of(), Limits.DEFAULT).lines())
                .extracting(TextLine::text)
                .contains("   left out for want of memory, what these said: elm flaky");
    }

    @Test
    void listsBoardsWithMissingBlobs() {
        board("oak", cell(0, "Image 'main' is missing external blobs and is non-functional: scp\n"));

        assertThat(summary().commit(0).missingBlobs()).containsExactly("oak");
    }

    @Test
    void endsWithTheStatusThatTheCellsMean() {
        board("oak", OK, NONE);
        assertThat(summary().exitStatus(false, false)).isEqualTo(ExitStatus.OK);
        assertThat(summary().exitStatus(true, false)).isEqualTo(ExitStatus.NOT_BUILT);
        board("elm", OK, cell(0, "w"));
        assertThat(summary().exitStatus(false, false)).isEqualTo(ExitStatus.WARNINGS);
        assertThat(summary().exitStatus(false, true)).isEqualTo(ExitStatus.OK);
        board("ash", cell(1, ""), OK);
        assertThat(summary().exitStatus(false, true)).isEqualTo(ExitStatus.FAILED);
        board("fir", OK, new CellReport(Optional.empty(), List.of(), List.of(), "", List.of("done is empty")));
        assertThat(summary().exitStatus(false, true)).isEqualTo(ExitStatus.NOT_BUILT);
    }
}
