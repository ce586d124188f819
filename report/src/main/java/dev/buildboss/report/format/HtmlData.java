package dev.buildboss.report.format;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.buildboss.model.Board;
import dev.buildboss.report.results.CellFiles;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.ImageSize;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.summary.Change;
import dev.buildboss.report.summary.CommitChanges;
import dev.buildboss.report.summary.ConfirmedBoards;
import dev.buildboss.report.summary.DiagnosticChange;
import dev.buildboss.report.timeline.Slice;
import dev.buildboss.report.timeline.Timeline;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The data of the page, as {@code report.js} reads it: texts that many cells share are there once. For one thread, one page. */
final class HtmlData {

    private static final int MOST_DIAGNOSTIC = 8_000;
    private static final int MOST_CELL_DIAGNOSTICS = 200;
    private static final int MOST_LOG = 6_000;
    private static final int MOST_LOGS = 4_000_000;

    private final ReportInput input;
    private final Matrix matrix;
    private final List<Board> boards;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<Diagnostic, Integer> diagnostics = new LinkedHashMap<>();
    private final Map<List<ImageSize>, Integer> sizes = new LinkedHashMap<>();
    private int logs;

    HtmlData(ReportInput input) {
        this.input = input;
        this.matrix = input.matrix();
        this.boards = matrix.boards();
        boards.forEach(board -> places.put(board.target(), places.size()));
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", 1);
        json.writeBooleanField("current", matrix.current());
        json.writeStringField(
                "title", Printable.line(String.valueOf(matrix.directory().getFileName())));
        json.writeArrayFieldStart("boards");
        for (Board board : boards) {
            texts(json, board.target(), board.arch(), board.vendor(), board.soc());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("commits");
        for (MatrixCommit commit : matrix.commits()) {
            texts(json, String.valueOf(commit.number()), commit.hash(), commit.subject());
        }
        json.writeEndArray();
        rows(json);
        json.writeObjectFieldStart("cells");
        for (int i = 0; i < matrix.commits().size(); i++) {
            Map<String, String> reasons = input.leftOut(i);
            for (Board board : boards) {
                cell(json, board.target(), i, reasons.getOrDefault(board.target(), ""));
            }
        }
        json.writeEndObject();
        changes(json);
        pools(json);
        json.writeArrayFieldStart("timelines");
        for (Timeline timeline : input.timelines()) {
            timeline(json, timeline);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** A row a board: a letter a commit, and the number of its sizes in the pool. */
    private void rows(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("rows");
        for (Board board : boards) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < matrix.commits().size(); i++) {
                row.append(letter(matrix.cell(i, board.target())));
            }
            json.writeString(row.toString());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("sizeRows");
        for (Board board : boards) {
            json.writeStartArray();
            for (int i = 0; i < matrix.commits().size(); i++) {
                List<ImageSize> size = matrix.cell(i, board.target()).sizes();
                json.writeNumber(size.isEmpty() ? -1 : number(sizes, size));
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static char letter(CellReport cell) {
        return switch (ReportInput.outcome(cell)) {
            case "ok" -> 'o';
            case "warning" -> 'w';
            case "failed" -> 'f';
            case "damaged" -> 'd';
            default -> '?';
        };
    }

    private void cell(JsonGenerator json, String board, int commit, String reason) throws IOException {
        CellReport cell = matrix.cell(commit, board);
        char letter = letter(cell);
        boolean isPlain = cell.machine().isEmpty()
                && cell.diagnostics().isEmpty()
                && cell.damage().isEmpty()
                && cell.confirmation().isEmpty()
                && reason.isEmpty();
        if (isPlain && letter != 'f') {
            return;
        }
        json.writeObjectFieldStart(place(board) + "," + commit);
        if (!cell.machine().isEmpty()) {
            json.writeStringField("machine", Printable.line(cell.machine()));
        }
        if (cell.confirmation().isPresent()) {
            json.writeStringField("confirmation", Words.of(cell.confirmation().get()));
        }
        if (!reason.isEmpty()) {
            json.writeStringField("reason", Printable.line(reason));
        }
        if (!cell.damage().isEmpty()) {
            json.writeStringField("damage", Printable.line(String.join("; ", cell.damage())));
        }
        if (letter == 'f') {
            json.writeNumberField(
                    "code", cell.outcome().map(built -> built.returnCode()).orElse(-1));
            log(json, board, commit);
        }
        if (!cell.diagnostics().isEmpty()) {
            json.writeArrayFieldStart("diagnostics");
            for (Diagnostic diagnostic :
                    cell.diagnostics().subList(0, Math.min(cell.diagnostics().size(), MOST_CELL_DIAGNOSTICS))) {
                json.writeNumber(number(diagnostics, diagnostic));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** The end of a failed cell's log, as long as there is room for logs. */
    private void log(JsonGenerator json, String board, int commit) throws IOException {
        if (logs >= MOST_LOGS || matrix.cellDir(commit, board).isEmpty()) {
            return;
        }
        String log = new CellFiles(matrix.cellDir(commit, board).get(), input.limits()).text("log");
        String end = log.length() <= MOST_LOG ? log : "…" + log.substring(log.length() - MOST_LOG);
        if (!end.isBlank()) {
            logs += end.length();
            json.writeStringField("log", Printable.lines(end));
        }
    }

    private void changes(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("changes");
        for (int i = 0; i < matrix.commits().size(); i++) {
            CommitChanges changes = input.summary().commit(i);
            json.writeStartObject();
            for (Change change : Change.values()) {
                boards(json, Words.of(change), changes.boards(change));
            }
            boards(json, "flakes", changes.flakes());
            json.writeArrayFieldStart("confirmed");
            for (ConfirmedBoards group : input.summary().confirmed(i)) {
                json.writeStartObject();
                json.writeStringField("label", group.label());
                boards(json, "boards", group.boards());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("came");
            for (DiagnosticChange came : changes.diagnostics(DiagnosticChange.Kind.ADDED)) {
                if (!came.diagnostic().consequence()) {
                    json.writeStartObject();
                    json.writeNumberField("diagnostic", number(diagnostics, came.diagnostic()));
                    boards(json, "boards", came.boards());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void pools(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("diagnostics");
        for (Diagnostic diagnostic : diagnostics.keySet()) {
            String text = Printable.lines(String.join("\n", diagnostic.lines()));
            texts(json, Words.of(diagnostic.severity()), Words.cut(text, MOST_DIAGNOSTIC));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("sizes");
        for (List<ImageSize> images : sizes.keySet()) {
            json.writeStartObject();
            for (ImageSize size : images) {
                json.writeArrayFieldStart(Printable.line(size.image()));
                for (long bytes : new long[] {size.all(), size.text(), size.data(), size.rodata(), size.bss()}) {
                    json.writeNumber(bytes);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void timeline(JsonGenerator json, Timeline timeline) throws IOException {
        json.writeStartObject();
        json.writeStringField("started", timeline.started().toString());
        json.writeArrayFieldStart("slices");
        for (Slice slice : timeline.slices()) {
            json.writeStartArray();
            json.writeString(Printable.line(slice.machine()));
            json.writeNumber(slice.slot());
            json.writeString(Printable.line(slice.board()));
            json.writeString(Printable.line(slice.hash()));
            json.writeNumber(slice.beginMs());
            json.writeNumber(slice.endMs());
            json.writeString(Printable.line(slice.what()));
            json.writeString(
                    slice.phase() == Slice.Phase.WHOLE
                            ? ""
                            : slice.phase().name().toLowerCase(Locale.ROOT));
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private int place(String board) {
        return places.getOrDefault(board, -1);
    }

    private void boards(JsonGenerator json, String name, List<String> names) throws IOException {
        json.writeArrayFieldStart(name);
        for (String board : names) {
            json.writeNumber(place(board));
        }
        json.writeEndArray();
    }

    private static void texts(JsonGenerator json, String... texts) throws IOException {
        json.writeStartArray();
        for (String text : texts) {
            json.writeString(Printable.lines(text));
        }
        json.writeEndArray();
    }

    private static <T> int number(Map<T, Integer> pool, T value) {
        return pool.computeIfAbsent(value, v -> pool.size());
    }
}
