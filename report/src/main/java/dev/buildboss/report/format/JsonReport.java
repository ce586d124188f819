package dev.buildboss.report.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.buildboss.model.Board;
import dev.buildboss.model.Confirmation;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.ImageSize;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.summary.Change;
import dev.buildboss.report.summary.CommitChanges;
import dev.buildboss.report.summary.DiagnosticChange;
import dev.buildboss.report.summary.SizeChange;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * All of a summary as JSON; {@code docs/reports.md} describes it. Pure ASCII: text is as it was found, but nothing that a
 * terminal acts on.
 */
final class JsonReport implements ReportFormat {

    /** Additions keep it, changes raise it. */
    static final int VERSION = 1;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(com.fasterxml.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    @Override
    public void write(ReportInput input, Writer out) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            Matrix matrix = input.matrix();
            json.writeStartObject();
            json.writeStringField("format", "buildboss-summary");
            json.writeNumberField("version", VERSION);
            json.writeBooleanField("current", matrix.current());
            json.writeArrayFieldStart("boards");
            for (Board board : matrix.boards()) {
                board(json, board);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("commits");
            for (int i = 0; i < matrix.commits().size(); i++) {
                commit(json, input, i);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("cells");
            for (int i = 0; i < matrix.commits().size(); i++) {
                Map<String, String> reasons = input.leftOut(i);
                for (Board board : matrix.boards()) {
                    String target = board.target();
                    cell(json, i, target, matrix.cell(i, target), reasons.getOrDefault(target, ""));
                }
            }
            json.writeEndArray();
            texts(json, "problems", matrix.problems());
            json.writeEndObject();
        }
        out.write('\n');
        out.flush();
    }

    private static void board(JsonGenerator json, Board board) throws IOException {
        json.writeStartObject();
        json.writeStringField("target", board.target());
        json.writeStringField("arch", board.arch());
        json.writeStringField("cpu", board.cpu());
        json.writeStringField("soc", board.soc());
        json.writeStringField("vendor", board.vendor());
        json.writeStringField("maintainers", board.maintainers());
        json.writeEndObject();
    }

    private static void commit(JsonGenerator json, ReportInput input, int index) throws IOException {
        MatrixCommit commit = input.matrix().commits().get(index);
        CommitChanges changes = input.summary().commit(index);
        json.writeStartObject();
        json.writeNumberField("number", commit.number());
        json.writeStringField("hash", commit.hash());
        json.writeStringField("subject", commit.subject());
        for (Change change : Change.values()) {
            texts(json, Words.of(change), changes.boards(change));
        }
        texts(json, "unknown", changes.unknown());
        texts(json, "flakes", changes.flakes());
        texts(json, "missingBlobs", changes.missingBlobs());
        json.writeObjectFieldStart("damaged");
        for (var damaged : changes.damaged().entrySet()) {
            texts(json, damaged.getKey(), damaged.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("sized");
        for (var sized : new TreeMap<>(changes.sized()).entrySet()) {
            json.writeNumberField(sized.getKey(), sized.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("sizes");
        for (SizeChange size : changes.sizes()) {
            json.writeStartObject();
            json.writeStringField("board", size.board());
            json.writeStringField("arch", size.arch());
            json.writeNumberField("since", size.since());
            json.writeObjectFieldStart("deltas");
            for (var delta : size.deltas().entrySet()) {
                json.writeNumberField(delta.getKey(), delta.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("diagnostics");
        for (DiagnosticChange change : changes.diagnostics()) {
            diagnostic(json, change);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void diagnostic(JsonGenerator json, DiagnosticChange change) throws IOException {
        Diagnostic diagnostic = change.diagnostic();
        json.writeStartObject();
        json.writeStringField("change", Words.of(change.kind()));
        json.writeStringField("severity", Words.of(diagnostic.severity()));
        json.writeStringField("headline", diagnostic.headlineText());
        if (diagnostic.place().isPresent()) {
            Diagnostic.Place place = diagnostic.place().get();
            json.writeStringField("file", place.file());
            json.writeNumberField("line", place.line());
            json.writeNumberField("column", place.column());
        }
        json.writeBooleanField("consequence", diagnostic.consequence());
        json.writeBooleanField("elsewhere", change.elsewhere());
        texts(json, "boards", change.boards());
        texts(json, "lines", diagnostic.lines());
        json.writeEndObject();
    }

    private static void cell(JsonGenerator json, int commit, String board, CellReport cell, String reason)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("commit", commit);
        json.writeStringField("board", board);
        json.writeStringField("outcome", ReportInput.outcome(cell));
        if (cell.outcome().isPresent()) {
            json.writeNumberField("returnCode", cell.outcome().get().returnCode());
        } else if (!reason.isEmpty()) {
            json.writeStringField("reason", reason);
        }
        if (!cell.machine().isEmpty()) {
            json.writeStringField("machine", cell.machine());
        }
        if (cell.confirmation().isPresent()) {
            Confirmation known = cell.confirmation().get();
            json.writeObjectFieldStart("confirmation");
            json.writeStringField("verdict", Words.of(known.verdict()));
            json.writeStringField("first", known.first());
            json.writeNumberField("returnCode", known.returnCode());
            json.writeStringField("again", known.again());
            json.writeEndObject();
        }
        if (!cell.sizes().isEmpty()) {
            json.writeObjectFieldStart("sizes");
            for (ImageSize size : cell.sizes()) {
                json.writeObjectFieldStart(size.image());
                for (ImageSize.Part part : size.parts()) {
                    json.writeNumberField(part.name(), part.bytes());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        if (!cell.damage().isEmpty()) {
            texts(json, "damage", cell.damage());
        }
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String name, Collection<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
