package dev.buildboss.report.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.buildboss.report.format.SarifFindings.Baseline;
import dev.buildboss.report.format.SarifFindings.Finding;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The diagnostics of the last commit in SARIF 2.1.0 (OASIS), which code hosts show beside the source; against the first commit as
 * the baseline. Paths are relative to the source tree's top; what has no such place has no location.
 */
final class SarifReport implements ReportFormat {

    /** What code hosts show at most. */
    private static final int MOST_RESULTS = 5_000;

    private static final int MOST_BOARDS = 20;
    private static final int MOST_TEXT = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    @Override
    public void write(ReportInput input, Writer out) throws IOException {
        List<Finding> all = SarifFindings.of(input.matrix());
        List<Finding> findings = all.subList(0, Math.min(all.size(), MOST_RESULTS));
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.writeStringField("version", "2.1.0");
            json.writeArrayFieldStart("runs");
            json.writeStartObject();
            tool(json, findings);
            json.writeObjectFieldStart("originalUriBaseIds");
            json.writeObjectFieldStart("SRCROOT");
            text(json, "description", "The top of the source tree.");
            json.writeEndObject();
            json.writeEndObject();
            json.writeStringField("columnKind", "utf16CodeUnits");
            json.writeArrayFieldStart("results");
            for (Finding finding : findings) {
                result(json, finding);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("properties");
            json.writeNumberField("findings", all.size());
            json.writeNumberField("leftOut", all.size() - findings.size());
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        out.write('\n');
        out.flush();
    }

    private static void tool(JsonGenerator json, List<Finding> findings) throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "Buildboss");
        json.writeArrayFieldStart("rules");
        TreeSet<String> rules = new TreeSet<>();
        findings.forEach(finding -> rules.add(SarifRule.of(finding.diagnostic())));
        for (String rule : rules) {
            json.writeStartObject();
            json.writeStringField("id", rule);
            text(json, "shortDescription", describe(rule));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String describe(String rule) {
        String name = rule.substring(rule.indexOf('/') + 1);
        if (rule.startsWith("gcc/")) {
            return "The compiler's warning -W" + name;
        } else if (rule.startsWith("dtc/")) {
            return "The device-tree compiler's check " + name;
        }
        return switch (name) {
            case "error" -> "An error of a compiler, linker or make";
            case "warning" -> "A warning without a name of its own";
            case "missing-blob" -> "A firmware blob that the image needs is missing";
            default -> "Text on a build's standard error";
        };
    }

    private static void result(JsonGenerator json, Finding finding) throws IOException {
        Diagnostic diagnostic = finding.diagnostic();
        json.writeStartObject();
        json.writeStringField("ruleId", SarifRule.of(diagnostic));
        json.writeStringField("kind", "fail");
        json.writeStringField("level", level(diagnostic));
        Optional<Baseline> baseline = finding.baseline();
        if (baseline.isPresent()) {
            json.writeStringField("baselineState", Words.of(baseline.get()));
        }
        String message = Words.cut(Printable.line(SarifRule.message(diagnostic)), MOST_TEXT);
        text(json, "message", message + "\nBoards: " + Words.names(finding.boards(), MOST_BOARDS));
        if (diagnostic.place().isPresent() && isInTree(diagnostic.place().get())) {
            location(json, diagnostic.place().get());
        }
        json.writeObjectFieldStart("partialFingerprints");
        json.writeStringField("buildbossKey/v1", fingerprint(diagnostic));
        json.writeEndObject();
        json.writeObjectFieldStart("properties");
        json.writeArrayFieldStart("boards");
        for (String board : finding.boards()) {
            json.writeString(board);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String level(Diagnostic diagnostic) {
        return switch (diagnostic.severity()) {
            case ERROR -> "error";
            case WARNING, OTHER -> "warning";
            case MISSING_BLOB -> "note";
        };
    }

    private static boolean isInTree(Diagnostic.Place place) {
        String file = place.file();
        return !file.isEmpty()
                && !file.startsWith("/")
                && !List.of(file.split("/", -1)).contains("..");
    }

    private static void location(JsonGenerator json, Diagnostic.Place place) throws IOException {
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(place.file()));
        json.writeStringField("uriBaseId", "SRCROOT");
        json.writeEndObject();
        if (place.line() > 0) {
            json.writeObjectFieldStart("region");
            json.writeNumberField("startLine", place.line());
            if (place.column() > 0) {
                json.writeNumberField("startColumn", place.column());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    /** A relative reference (RFC 3986): all but unreserved characters and {@code /} as percent escapes of UTF-8. */
    static String uri(String file) {
        StringBuilder uri = new StringBuilder();
        for (byte b : file.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (isPlain || "/-._~".indexOf(c) >= 0) {
                uri.append(c);
            } else {
                uri.append(String.format(java.util.Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return uri.toString();
    }

    /** A message object: braces are doubled and links broken, as SARIF's sections 3.11.5 and 3.11.6 ask. */
    private static void text(JsonGenerator json, String name, String text) throws IOException {
        json.writeObjectFieldStart(name);
        String escaped = text.replace("{", "{{").replace("}", "}}");
        json.writeStringField(
                "text",
                text.contains("](")
                        ? escaped.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
                        : escaped);
        json.writeEndObject();
    }

    private static String fingerprint(Diagnostic diagnostic) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(diagnostic.key().getBytes(StandardCharsets.UTF_8));
            return String.format(java.util.Locale.ROOT, "%064x", new BigInteger(1, hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
