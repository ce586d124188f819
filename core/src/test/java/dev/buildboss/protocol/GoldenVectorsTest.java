package dev.buildboss.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines recorded from the existing implementation, both directions. */
class GoldenVectorsTest {

    private static final Pattern SENT = Pattern.compile(" *[0-9.]+ >> (.*)");
    private static final Pattern RECEIVED = Pattern.compile(" *[0-9.]+ << BM> (.*)");

    private final ProtocolCodec codec = new ProtocolCodec(Settings.defaults().protocol());
    private final JsonMapper json = new JsonMapper();

    static List<Path> vectors() throws Exception {
        Path directory = Path.of(Objects.requireNonNull(GoldenVectorsTest.class.getResource("/vectors"))
                .toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static List<String> lines(Path vector, Pattern pattern) {
        List<String> result = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(vector)) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.matches()) {
                    result.add(matcher.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsEveryRecordedResponseAndWritesTheSameAgain(Path vector) throws Exception {
        for (String line : lines(vector, RECEIVED)) {
            DecodedResponse decoded = codec.decodeResponse(ByteString.fromString(line));
            Response response =
                    assertInstanceOf(DecodedResponse.Known.class, decoded, line).response();
            JsonNode recorded = json.readTree(line);
            assertEquals(recorded.get("resp").textValue(), wireName(response));
            String again = codec.encode(response).utf8String();
            assertTrue(again.startsWith("BM> ") && again.endsWith("}\n"), again);
            assertEquals(recorded, json.readTree(again.substring(4)));
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsEveryRecordedCommandAndWritesOneOfTheSameMeaning(Path vector) {
        for (String line : lines(vector, SENT)) {
            DecodedCommand decoded = codec.decodeCommand(ByteString.fromString(line));
            if (decoded instanceof DecodedCommand.Accepted accepted) {
                assertEquals(decoded, codec.decodeCommand(codec.encode(accepted.command())), line);
            } else {
                assertTrue(isWrongOnPurpose(vector, line), line);
            }
        }
    }

    @Test
    void findsTheRecordings() throws Exception {
        long received = vectors().stream()
                .mapToLong(file -> lines(file, RECEIVED).size())
                .sum();
        long sent =
                vectors().stream().mapToLong(file -> lines(file, SENT).size()).sum();
        assertTrue(received > 80 && sent > 60, received + " received, " + sent + " sent");
    }

    @Test
    void answersWrongLinesAsTheExistingWorkerDoes() throws Exception {
        Path errors = vectors().stream()
                .filter(file -> file.toString().contains("05-errors"))
                .findFirst()
                .orElseThrow();
        List<String> prefixes = lines(errors, SENT).stream()
                .map(line -> codec.decodeCommand(ByteString.fromString(line)))
                .filter(DecodedCommand.Rejected.class::isInstance)
                .map(rejected -> ((DecodedCommand.Rejected) rejected).message())
                .toList();
        assertTrue(prefixes.get(0).startsWith("invalid JSON: "));
        assertEquals("unknown command: bogus", prefixes.get(1));
        assertEquals("unknown command: ", prefixes.get(2));
    }

    /** These recordings send what no worker can carry out; all others must be read. */
    private static boolean isWrongOnPurpose(Path vector, String line) {
        String name = Objects.requireNonNull(vector.getFileName()).toString();
        return line.isBlank()
                || name.startsWith("05-errors")
                || name.startsWith("06-json-not-object")
                || (name.startsWith("09-build_board-missing-key") && !line.contains("\"board\":"));
    }

    private static String wireName(Response response) {
        if (response instanceof Response.Refusal) {
            return "error";
        }
        return response.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
