package dev.buildboss.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.buildboss.protocol.JsonFields.WrongField;
import dev.buildboss.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages into lines and lines into messages: {@code spec} in {@code docs/protocol.md}.
 *
 * <p>Written by hand over Jackson's tokens rather than bound by annotations: the subtypes are closed, nothing on the wire can
 * name a class, and an error can name its key. Lines are pure ASCII (other characters are escaped; half a surrogate pair too, but not in a key), as
 * an existing worker writes them. Decoding never throws: what a peer sends is a value. Immutable and safe to share.
 */
public final class ProtocolCodec {

    /** What a worker's protocol lines begin with. */
    public static final String PREFIX = "BM> ";

    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(US_ASCII);
    private static final byte[] NO_PREFIX = {};

    /** No number of the protocol needs more digits; longer ones cost quadratic time to read. */
    private static final int MAX_NUMBER_LENGTH = 64;

    /** Keys are file names and architectures at most. */
    private static final int MAX_NAME_LENGTH = 1024;

    private static final int MAX_MESSAGE_LENGTH = 300;

    private final JsonFactory json;

    /** A codec that refuses lines over these limits. */
    public ProtocolCodec(Settings.Protocol limits) {
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .maxStringLength(limits.maxLine())
                        .maxDocumentLength(limits.maxLine())
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .build())
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /** One line for a worker, its newline included. */
    public ByteString encode(Command command) {
        return line(NO_PREFIX, 256, out -> CommandJson.write(out, command));
    }

    /** One line for a boss, prefix and newline included. */
    public ByteString encode(Response response) {
        int expectedSize =
                response instanceof Response.Artefact artefact ? artefact.data().size() * 4 / 3 + 512 : 512;
        return line(PREFIX_BYTES, expectedSize, out -> ResponseJson.write(out, response));
    }

    private ByteString line(byte[] prefix, int expectedSize, JsonWriter body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(expectedSize);
        bytes.writeBytes(prefix);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            body.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory: a bug
        }
        bytes.write('\n');
        return ByteString.fromArrayUnsafe(bytes.toByteArray());
    }

    /** Reads a line that a boss sent (without its newline); a rejected one comes with the error text to answer. */
    public DecodedCommand decodeCommand(ByteString line) {
        byte[] bytes = line.toArrayUnsafe();
        JsonFields fields;
        try {
            fields = parse(bytes, 0, bytes.length);
        } catch (WrongField e) {
            return new DecodedCommand.Rejected("", shorten("invalid JSON: " + e.problem()));
        }
        String cmd = fields.has("cmd") ? raw(fields.any("cmd")) : "";
        if (!CommandJson.isKnown(cmd)) {
            return new DecodedCommand.Rejected("", shorten("unknown command: " + cmd));
        }
        try {
            return new DecodedCommand.Accepted(CommandJson.read(cmd, fields));
        } catch (WrongField e) {
            return new DecodedCommand.Rejected(cmd, shorten(cmd + ": " + e.problem()));
        }
    }

    /** Reads the JSON of a line that a worker sent (without prefix and newline). */
    public DecodedResponse decodeResponse(ByteString json) {
        byte[] bytes = json.toArrayUnsafe();
        return decodeResponse(bytes, 0, bytes.length);
    }

    /** The same, of a part of an array, which is not changed. */
    public DecodedResponse decodeResponse(byte[] bytes, int offset, int length) {
        try {
            JsonFields fields = parse(bytes, offset, length);
            String resp = fields.requiredText("resp");
            return ResponseJson.read(resp, fields)
                    .<DecodedResponse>map(DecodedResponse.Known::new)
                    .orElseGet(() -> new DecodedResponse.Unknown(shorten(resp)));
        } catch (WrongField e) {
            return new DecodedResponse.Malformed(shorten(e.problem()));
        }
    }

    /**
     * The cell that a line belongs to, told from its beginning alone; empty if it does not say so early.
     *
     * <p>Both known workers write {@code board} and {@code commit_upto} before anything long.
     *
     * @param beginning the first characters of the JSON, cut anywhere
     */
    public Optional<CellRef> cellOf(String beginning) {
        Optional<String> board = Optional.empty();
        OptionalInt commitUpto = OptionalInt.empty();
        try (JsonParser parser = json.createParser(beginning)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME && (board.isEmpty() || commitUpto.isEmpty())) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("board") && value == JsonToken.VALUE_STRING) {
                    board = Optional.of(parser.getText());
                } else if (key.equals("commit_upto") && value == JsonToken.VALUE_NUMBER_INT) {
                    commitUpto = OptionalInt.of(parser.getIntValue());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            // The cut: what was read before it stands.
        }
        return board.isEmpty() || commitUpto.isEmpty() || commitUpto.getAsInt() < 0
                ? Optional.empty()
                : Optional.of(new CellRef(board.get(), commitUpto.getAsInt()));
    }

    private JsonFields parse(byte[] bytes, int offset, int length) throws WrongField {
        try (JsonParser parser = json.createParser(bytes, offset, length)) {
            if (parser.nextToken() == null || !(JsonTokens.value(parser) instanceof Map<?, ?> object)) {
                throw new WrongField("expected an object");
            }
            if (parser.nextToken() != null) {
                throw new WrongField("text after the object's end");
            }
            return new JsonFields(object);
        } catch (JsonProcessingException e) {
            String column =
                    e.getLocation() == null ? "" : " (byte " + e.getLocation().getByteOffset() + ")";
            throw new WrongField(e.getOriginalMessage() + column);
        } catch (IOException e) {
            throw new WrongField(String.valueOf(e.getMessage())); // bytes that are not UTF-8
        }
    }

    /** The value as it stands on the wire, for messages. */
    private String raw(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = json.createGenerator(text)) {
            JsonTokens.write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory: a bug
        }
        return text.toString();
    }

    /** Error texts quote the peer: keep them short and on one line. */
    private static String shorten(String message) {
        String cut = message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH);
        return cut.replace('\n', ' ').replace('\r', ' ');
    }

    /** Writes the fields of one object. */
    @FunctionalInterface
    private interface JsonWriter {
        void write(JsonGenerator out) throws IOException;
    }
}
