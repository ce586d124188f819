package dev.buildboss.report.format;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.DiagnosticParser;
import dev.buildboss.report.results.ImageSize;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.summary.Summary;
import dev.buildboss.report.timeline.Timeline;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Small matrices for the tests of reports. */
final class Reports {

    /** Markup, a terminal's escapes, a bidi override, a line end, what XML can't have, and a character beyond 16 bits. */
    static final String HOSTILE =
            "</script><img src=x onerror=alert(1)>]]>\u001b[31m\u202e`@all` #1\u0000\r\uffff😀\ud800|*_{0}";

    private final Map<String, List<CellReport>> rows = new TreeMap<>();
    private final List<Timeline> timelines = new ArrayList<>();
    private final List<String> subjects = new ArrayList<>();

    static CellReport cell(int code, String err) {
        return cell(code, err, 100, "");
    }

    static CellReport cell(int code, String err, long text, String machine) {
        return new CellReport(
                Optional.of(Built.of(code, !err.isEmpty())),
                DiagnosticParser.parse(err, 100),
                List.of(new ImageSize("u-boot", text, 1, 2, 3)),
                machine,
                List.of());
    }

    static CellReport damaged(String why) {
        return new CellReport(Optional.empty(), List.of(), List.of(), "", List.of(why));
    }

    Reports board(String name, CellReport... cells) {
        rows.put(name, List.of(cells));
        return this;
    }

    Reports subject(String subject) {
        subjects.add(subject);
        return this;
    }

    Reports timeline(Timeline timeline) {
        timelines.add(timeline);
        return this;
    }

    ReportInput input() {
        return input(Path.of("x"));
    }

    ReportInput input(Path directory) {
        int commits = rows.values().iterator().next().size();
        List<MatrixCommit> series = new ArrayList<>();
        List<Map<String, CellReport>> cells = new ArrayList<>();
        for (int i = 0; i < commits; i++) {
            String subject = i < subjects.size() ? subjects.get(i) : "subject " + i;
            series.add(new MatrixCommit(i + 1, "%040x".formatted(i), subject, Optional.of(directory.resolve("c" + i))));
            Map<String, CellReport> row = new HashMap<>();
            for (Map.Entry<String, List<CellReport>> board : rows.entrySet()) {
                row.put(board.getKey(), board.getValue().get(i));
            }
            cells.add(row);
        }
        List<Board> boards = rows.keySet().stream().map(b -> Board.of(b, "arm")).toList();
        Matrix matrix = new Matrix(directory, false, series, boards, cells, List.of());
        return new ReportInput(new Summary(matrix), Optional.empty(), timelines, Limits.DEFAULT);
    }

    static String written(ReportFormats form, ReportInput input) throws IOException {
        StringWriter out = new StringWriter();
        form.format().write(input, out);
        return out.toString();
    }
}
