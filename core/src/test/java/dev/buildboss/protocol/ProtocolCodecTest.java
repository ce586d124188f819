package dev.buildboss.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.buildboss.model.BuildOptions;
import dev.buildboss.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolCodecTest {

    private static final Settings.Protocol LIMITS = new Settings.Protocol(1 << 20, 16, 1 << 16, 1 << 30);

    private final ProtocolCodec codec = new ProtocolCodec(LIMITS);

    private DecodedCommand command(String line) {
        return codec.decodeCommand(ByteString.fromString(line));
    }

    private Command accepted(String line) {
        return assertInstanceOf(DecodedCommand.Accepted.class, command(line)).command();
    }

    private String rejected(String line) {
        return assertInstanceOf(DecodedCommand.Rejected.class, command(line)).message();
    }

    private DecodedResponse response(String json) {
        return codec.decodeResponse(ByteString.fromString(json));
    }

    private String malformed(String json) {
        return assertInstanceOf(DecodedResponse.Malformed.class, response(json)).reason();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "this is not json | invalid JSON: ",
                "[1,2] | invalid JSON: expected an object",
                "7 | invalid JSON: expected an object",
                "null | invalid JSON: expected an object",
                "{\"cmd\":\"quit\"} {} | invalid JSON: text after the object's end",
                "{\"cmd\":\"quit\" | invalid JSON: ",
                "{} | unknown command: ",
                "{\"cmd\":\"bogus\"} | unknown command: bogus",
                "{\"cmd\":17} | unknown command: 17",
                "{\"cmd\":null} | unknown command: null",
                "{\"cmd\":\"build_board\"} | build_board: board: expected a string that is not empty",
                "{\"cmd\":\"build_board\",\"board\":\"\"} | build_board: board: expected a string that is not empty",
                "{\"cmd\":\"build_board\",\"board\":[]} | build_board: board: expected a string",
                "{\"cmd\":\"build_board\",\"board\":\"b\",\"commits\":[-1]} | build_board: commits[0]: expected a whole",
                "{\"cmd\":\"build_boards\",\"boards\":{}} | build_boards: boards: expected a list",
                "{\"cmd\":\"build_boards\",\"boards\":[{\"arch\":\"arm\"}]} | build_boards: boards[0].board: expected a",
                "{\"cmd\":\"build_boards\",\"boards\":[7]} | build_boards: boards[0]: expected an object",
                "{\"cmd\":\"build_prepare\",\"max_boards\":\"2\"} | build_prepare: max_boards: expected a whole number",
                "{\"cmd\":\"build_prepare\",\"max_boards\":99999999999} | build_prepare: max_boards: expected a whole",
                "{\"cmd\":\"build_prepare\",\"max_boards\":-1} | build_prepare: max_boards: expected a number of 0",
                "{\"cmd\":\"build_prepare\",\"commits\":[\"a\",null]} | build_prepare: commits[1]: expected a string",
                "{\"cmd\":\"configure\",\"settings\":{\"no_lto\":\"yes\"}} | configure: settings.no_lto: expected true",
                "{\"cmd\":\"configure\",\"settings\":[]} | configure: settings: expected an object",
                "{\"cmd\":\"configure\",\"settings\":{\"changes\":{\"adjust_cfg\":[\"A B\"]}}} | configure: changes: not a change of a Kconfig option: 'A B'",
                "{\"cmd\":\"configure\",\"settings\":{\"changes\":{\"fragments\":[\"../x\"]}}} | configure: changes: not a configuration fragment: '../x'",
                "{\"cmd\":\"configure\",\"toolchains\":{\"arm\":1}} | configure: toolchains.arm: expected a string",
                "{\"cmd\":\"setup\",\"work_dir\":1} | setup: work_dir: expected a string",
            })
    void answersWhatIsNoCommandWithAnErrorThatNamesIt(String line, String expected) {
        String message = rejected(line);
        assertTrue(message.startsWith(expected.strip()), message);
    }

    @Test
    void keepsTheNameOfACommandThatLacksAField() {
        assertEquals(
                "build_board",
                assertInstanceOf(DecodedCommand.Rejected.class, command("{\"cmd\":\"build_board\"}"))
                        .cmd());
        assertEquals(
                "",
                assertInstanceOf(DecodedCommand.Rejected.class, command("{\"cmd\":\"x\"}"))
                        .cmd());
    }

    @Test
    void keepsErrorTextsShortAndOnOneLine() {
        String message = rejected("{\"cmd\":\"" + "x\\n".repeat(5000) + "\"}");
        assertTrue(message.length() <= 300);
        assertFalse(message.contains("\n"));
    }

    @Test
    void takesMissingAndNullFieldsAsTheirDefaults() {
        assertEquals(new Command.Setup(Optional.empty()), accepted("{\"cmd\":\"setup\"}"));
        assertEquals(new Command.Setup(Optional.empty()), accepted("{\"cmd\":\"setup\",\"work_dir\":\"\"}"));
        assertEquals(new Command.Setup(Optional.empty()), accepted("{\"cmd\":\"setup\",\"work_dir\":null}"));
        Command defaults = new Command.Configure(BuildOptions.DEFAULT, Map.of(), Set.of(), Optional.empty(), Map.of());
        assertEquals(defaults, accepted("{\"cmd\":\"configure\"}"));
        assertEquals(defaults, accepted("{\"cmd\":\"configure\",\"settings\":{\"kconfig_check\":null}}"));
        assertEquals(
                new Command.BuildBoard(new Command.BoardSpec("b", "", List.of(), List.of())),
                accepted("{\"cmd\":\"build_board\",\"board\":\"b\",\"arch\":null,\"env\":{\"x\":[1]}}"));
        assertEquals(
                new Command.BuildBoards(List.of(), List.of()), accepted("{\"cmd\":\"build_boards\",\"boards\":null}"));
    }

    @Test
    void readsEveryFormOfTheSourceAsItStands() {
        Command current = new Command.BuildPrepare(List.of(), 0, 0);
        assertEquals(current, accepted("{\"cmd\":\"build_prepare\"}"));
        assertEquals(current, accepted("{\"cmd\":\"build_prepare\",\"commits\":null,\"max_boards\":null}"));
        assertEquals(current, accepted("{\"cmd\":\"build_prepare\",\"commits\":[]}"));
        assertEquals(current, accepted("{\"cmd\":\"build_prepare\",\"commits\":[null,\"a\",3]}"));
        assertEquals(
                "{\"cmd\":\"build_prepare\",\"commits\":[null],\"max_boards\":0}\n",
                codec.encode(current).utf8String());
    }

    @Test
    void saysNothingThatTheBaseProtocolLacksUnlessAsked() {
        assertEquals(
                "BM> {\"resp\":\"ready\",\"nthreads\":2,\"slots\":3}\n",
                codec.encode(new Response.Ready(2, 3, 1, Set.of(), "")).utf8String());
        assertEquals(
                "BM> {\"resp\":\"configure_done\"}\n",
                codec.encode(new Response.ConfigureDone(Map.of())).utf8String());
        assertEquals(
                "{\"cmd\":\"build_board\",\"board\":\"b\",\"arch\":\"arm\"}\n",
                codec.encode(new Command.BuildBoard(new Command.BoardSpec("b", "arm", List.of(), List.of())))
                        .utf8String());
        String configure = codec.encode(
                        new Command.Configure(BuildOptions.DEFAULT, Map.of(), Set.of(), Optional.empty(), Map.of()))
                .utf8String();
        assertFalse(configure.contains("keep_outputs"), configure);
        assertFalse(configure.contains("features"), configure);
        assertTrue(configure.contains("\"kconfig_check\":true"), configure);
    }

    @Test
    void leavesOutFeaturesThatItDoesNotKnow() {
        DecodedResponse ready =
                response("{\"resp\":\"ready\",\"nthreads\":4,\"features\":[\"teleport\",\"artefacts\"]}");
        assertEquals(new DecodedResponse.Known(new Response.Ready(4, 4, 1, Set.of(Feature.ARTEFACTS), "")), ready);
    }

    @Test
    void tellsAnUnknownResponseFromAMalformedOne() {
        assertEquals(new DecodedResponse.Unknown("new_thing"), response("{\"resp\":\"new_thing\",\"x\":1}"));
        assertEquals("resp: expected a string that is not empty", malformed("{\"x\":1}"));
        assertEquals("expected an object", malformed("[]"));
        assertEquals("commit_upto: expected a whole number", malformed("{\"resp\":\"build_result\",\"board\":\"b\"}"));
        assertEquals(
                "commit_upto: expected a number of 0 or more",
                malformed("{\"resp\":\"build_result\",\"board\":\"b\",\"commit_upto\":-1}"));
        assertEquals(
                "data: expected base64",
                malformed("{\"resp\":\"artefact\",\"board\":\"b\",\"commit_upto\":0,\"name\":\"nm\",\"data\":\"*\"}"));
        assertTrue(malformed("{\"resp\":\"error\",\"msg\":\"\u0001\"}").startsWith("Illegal"));
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        ByteString bad =
                ByteString.fromArray("{\"resp\":\"error\",\"msg\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertInstanceOf(DecodedResponse.Malformed.class, codec.decodeResponse(bad));
        assertInstanceOf(DecodedCommand.Rejected.class, codec.decodeCommand(bad));
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        String deep =
                "{\"resp\":\"quit_ack\",\"x\":" + "[".repeat(LIMITS.maxDepth()) + "]".repeat(LIMITS.maxDepth()) + "}";
        assertInstanceOf(DecodedResponse.Malformed.class, response(deep));
        assertInstanceOf(
                DecodedResponse.Malformed.class,
                response("{\"resp\":\"build_done\",\"exceptions\":" + "1".repeat(65) + "}"));
        assertInstanceOf(
                DecodedResponse.Malformed.class,
                response("{\"resp\":\"error\",\"msg\":\"" + "x".repeat(LIMITS.maxLine()) + "\"}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"configure_ms":1500,"build_ms":9000}               | 1500 9000 0
            {"configure_ms":1500,"build_ms":9000,"cpu_ms":30000} | 1500 9000 30000
            {"configure_ms":1,"build_ms":2,"cpu_ms":-1}         | 1 2 0
            {"configure_ms":1,"build_ms":2,"cpu_ms":1e300}      | 1 2 0
            {"configure_ms":1,"build_ms":9e18}                  | none
            {"configure_ms":-1,"build_ms":2}                    | none
            {"build_ms":2}                                      | none
            """)
    void takesNoTimesThatMakeNoSense(String times, String expected) {
        String line = "{\"resp\":\"build_result\",\"board\":\"b\",\"commit_upto\":0,\"return_code\":0,\"times\":"
                + times + "}";
        DecodedResponse.Known known = assertInstanceOf(DecodedResponse.Known.class, response(line));
        Response.BuildResult result = assertInstanceOf(Response.BuildResult.class, known.response());
        assertEquals(
                expected,
                result.times()
                        .map(t -> t.configureMs() + " " + t.buildMs() + " " + t.cpuMs())
                        .orElse("none"));
    }

    @Test
    void carriesAnyTextAndAnyBytes() {
        String text = "tab\t nul\u0000 escape\u001b[31m \u2018quoted\u2019 \ud83d\ude00 lone \ud83d\u2028\r\n\"\\";
        Response result = new Response.BuildResult(
                "b",
                3,
                -9,
                text,
                text,
                1.5,
                Optional.of(text),
                Map.of(".config", text),
                Optional.of(""),
                Optional.of("disk_full"),
                Map.of("out-cmd", text));
        ByteString line = codec.encode(result);
        assertTrue(line.utf8String().chars().allMatch(c -> c < 128));
        assertEquals(new DecodedResponse.Known(result), codec.decodeResponse(line.drop(ProtocolCodec.PREFIX.length())));

        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Response piece = new Response.Artefact("b", 0, "u-boot.bin", ByteString.fromArray(bytes), true);
        assertEquals(
                new DecodedResponse.Known(piece),
                codec.decodeResponse(codec.encode(piece).drop(ProtocolCodec.PREFIX.length())));
    }

    @Test
    void writesALoadThatIsNoNumberAsUnknown() {
        String line = codec.encode(new Response.BuildResult(
                        "b",
                        0,
                        0,
                        "",
                        "",
                        Double.NaN,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()))
                .utf8String();
        assertTrue(line.contains("\"load_avg\":0.0"), line);
    }

    @Test
    void tellsTheCellOfACutLineFromItsBeginning() {
        Optional<CellRef> cell = Optional.of(new CellRef("sandbox", 12));
        assertEquals(
                cell, codec.cellOf("{\"resp\": \"build_result\", \"board\": \"sandbox\", \"commit_upto\": 12, \"std"));
        assertEquals(
                cell,
                codec.cellOf("{\"x\":{\"board\":\"no\"},\"commit_upto\":12,\"board\":\"sandbox\",\"stderr\":\"ab"));
        assertEquals(Optional.empty(), codec.cellOf("{\"resp\":\"build_result\",\"board\":\"sandbox\",\"comm"));
        assertEquals(Optional.empty(), codec.cellOf("{\"board\":\"sandbox\",\"commit_upto\":-1}"));
        assertEquals(Optional.empty(), codec.cellOf("nonsense"));
        assertEquals(Optional.empty(), codec.cellOf(""));
    }
}
