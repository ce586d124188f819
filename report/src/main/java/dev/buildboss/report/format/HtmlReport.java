package dev.buildboss.report.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.buildboss.files.Carried;
import java.io.IOException;
import java.io.Writer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One page that opens from disk and loads nothing. Its data is JSON that holds no markup at all ({@code <}, {@code >} and
 * {@code &} are escapes), its script makes text nodes of it only, and its policy lets no other script run.
 */
final class HtmlReport implements ReportFormat {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    @Override
    public void write(ReportInput input, Writer out) throws IOException {
        String script = Carried.text(HtmlReport.class, "report.js");
        String page = Carried.text(HtmlReport.class, "report.html")
                .replace(
                        "@POLICY@",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash(script) + "'")
                .replace("@STYLE@", Carried.text(HtmlReport.class, "report.css"));
        int data = page.indexOf("@DATA@");
        out.write(page.substring(0, data));
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.setCharacterEscapes(new NoMarkup());
            new HtmlData(input).write(json);
        }
        out.write(page.substring(data + "@DATA@".length()).replace("@SCRIPT@", script));
        out.flush();
    }

    private static String hash(String script) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What could end a script element, or begin a comment in it, as escapes. */
    private static final class NoMarkup extends CharacterEscapes {
        private static final long serialVersionUID = 1;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            for (char c : "<>&".toCharArray()) {
                codes[c] = ESCAPE_STANDARD;
            }
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return new SerializedString("");
        }
    }
}
