package dev.buildboss.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.buildboss.protocol.CellRef;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.Waits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtocolFlowsTest {

    private static final int LIMIT = 8000;

    private final ActorTestKit testKit = ActorTestKit.create();
    private final ProtocolFlows flows = new ProtocolFlows(new Settings.Protocol(LIMIT, 16, 1 << 16, 1 << 30));

    @AfterAll
    void shutDown() {
        testKit.shutdownTestKit();
    }

    private <T> List<T> run(Source<ByteString, ?> bytes, Flow<ByteString, T, ?> flow) throws Exception {
        return bytes.via(flow)
                .runWith(Sink.seq(), testKit.system())
                .toCompletableFuture()
                .get(Waits.LIMIT_S, TimeUnit.SECONDS);
    }

    private List<Inbound> responses(String... chunks) throws Exception {
        return run(Source.from(List.of(chunks)).map(ByteString::fromString), flows.responses());
    }

    private List<DecodedCommand> commands(String... chunks) throws Exception {
        return run(Source.from(List.of(chunks)).map(ByteString::fromString), flows.commands());
    }

    private static <T> void assertSame(List<T> expected, List<T> actual, long seed) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), "seed " + seed + ", element " + i);
        }
        assertEquals(expected.size(), actual.size(), "seed " + seed);
    }

    private static List<ByteString> chunked(ByteString bytes, Random random, int maxChunk) {
        List<ByteString> chunks = new ArrayList<>();
        for (ByteString rest = bytes; !rest.isEmpty(); ) {
            int size = Math.min(rest.size(), 1 + random.nextInt(maxChunk));
            chunks.add(rest.take(size));
            rest = rest.drop(size);
        }
        return chunks;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100, 50_000})
    void readsEveryResponseWhateverTheChunksAndTheNoise(int maxChunk) throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ByteString bytes = ByteString.emptyByteString();
            List<Inbound> expected = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                switch (random.nextInt(5)) {
                    case 0 -> {
                        String noise = "noise " + RandomMessages.text(random).replaceAll("[\n\r]", "");
                        bytes = bytes.concat(ByteString.fromString(noise + "\r\n"));
                        // Encoding a lone surrogate loses it: compare what was sent.
                        expected.add(new Inbound.Noise(
                                new String(noise.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
                    }
                    case 1 -> {
                        String start = "{\"resp\":\"build_result\",\"board\":\"b" + i + "\",\"commit_upto\":" + i + ",";
                        String line = "BM> " + start + "x".repeat(LIMIT + random.nextInt(3 * LIMIT));
                        bytes = bytes.concat(ByteString.fromString(line + "\n"));
                        expected.add(new Inbound.TooLong(
                                line.length(),
                                line.substring(4, LineFramer.HEAD_BYTES),
                                Optional.of(new CellRef("b" + i, i))));
                    }
                    default -> {
                        Response response = RandomMessages.response(random);
                        bytes = bytes.concat(flows.codec().encode(response));
                        expected.add(new Inbound.Message(response));
                    }
                }
            }
            Source<ByteString, ?> source = Source.from(chunked(bytes, random, maxChunk));
            assertSame(expected, run(source, flows.responses()), seed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100, 50_000})
    void readsEveryCommandWhateverTheChunks(int maxChunk) throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ByteString bytes = ByteString.emptyByteString();
            List<DecodedCommand> expected = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Command command = RandomMessages.command(random);
                bytes = bytes.concat(flows.codec().encode(command));
                expected.add(new DecodedCommand.Accepted(command));
                if (random.nextInt(4) == 0) {
                    bytes = bytes.concat(ByteString.fromString(" \t\r\n\n"));
                }
            }
            Source<ByteString, ?> source = Source.from(chunked(bytes, random, maxChunk));
            assertSame(expected, run(source, flows.commands()), seed);
        }
    }

    @Test
    void keepsNoiseApartFromMessagesAndMistakes() throws Exception {
        List<Inbound> inbound = responses(
                "Last login: today\r\n",
                "\u2018caf\u00e9\u2019 \u001b[31m\n",
                "BM>{\"resp\":\"quit_ack\"}\n",
                "BM> nonsense\nBM> {\"resp\":\"brand_new\"}\n",
                "BM> {\"resp\":\"quit_ack\"}\r\n");
        assertEquals(new Inbound.Noise("Last login: today"), inbound.get(0));
        assertEquals(new Inbound.Noise("\u2018caf\u00e9\u2019 \u001b[31m"), inbound.get(1));
        assertEquals(new Inbound.Noise("BM>{\"resp\":\"quit_ack\"}"), inbound.get(2));
        assertEquals(
                "nonsense",
                assertInstanceOf(Inbound.Malformed.class, inbound.get(3)).excerpt());
        assertEquals(new Inbound.Unknown("brand_new"), inbound.get(4));
        assertEquals(new Inbound.Message(new Response.QuitAck()), inbound.get(5));
        assertEquals(6, inbound.size());
    }

    @Test
    void boundsNoiseAndReadsBytesThatAreNotUtf8() throws Exception {
        List<Inbound> inbound = run(
                Source.from(List.of(
                        ByteString.fromString("n".repeat(5000) + "\n" + "n".repeat(3 * LIMIT) + "\n"),
                        ByteString.fromArray(new byte[] {'a', (byte) 0xff, 'b', '\n'}))),
                flows.responses());
        assertEquals(new Inbound.Noise("n".repeat(ProtocolFlows.MAX_NOISE_BYTES)), inbound.get(0));
        assertEquals(new Inbound.Noise("n".repeat(LineFramer.HEAD_BYTES)), inbound.get(1));
        assertEquals(new Inbound.Noise("a\ufffdb"), inbound.get(2));
    }

    @Test
    void tellsALineThatTheEndCut() throws Exception {
        assertEquals(
                List.of(new Inbound.Message(new Response.QuitAck()), new Inbound.Truncated("{\"resp\":\"he")),
                responses("BM> {\"resp\":\"quit_ack\"}\nBM> {\"resp\":\"he"));
        assertEquals(List.of(new Inbound.Noise("logout")), responses("log", "out"));
        assertEquals(List.of(), responses());
        assertEquals(List.of(new Inbound.Noise("")), responses("\n"));
    }

    @Test
    void deliversWhatArrivedBeforeTheConnectionBroke() throws Exception {
        List<Inbound> seen = new ArrayList<>();
        Source<ByteString, ?> broken = Source.single(
                        ByteString.fromString("BM> {\"resp\":\"quit_ack\"}\nnoise\nBM> {\"resp\":"))
                .concatLazy(Source.lazySource(() -> Source.failed(new IllegalStateException("broken"))));
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> broken.via(flows.responses())
                        .runForeach(seen::add, testKit.system())
                        .toCompletableFuture()
                        .get(Waits.LIMIT_S, TimeUnit.SECONDS));
        assertEquals(
                "broken",
                String.valueOf(
                        failure.getCause() == null ? null : failure.getCause().getMessage()));
        assertEquals(
                List.of(
                        new Inbound.Message(new Response.QuitAck()),
                        new Inbound.Noise("noise"),
                        new Inbound.Truncated("{\"resp\":")),
                seen);
    }

    @Test
    void asksForAChunkOnlyWhenTheLastOneIsUsedUp() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        SinkQueueWithCancel<Inbound> queue = Source.range(1, 100)
                .map(i -> {
                    taken.incrementAndGet();
                    return ByteString.fromString("a\nb\nc\n");
                })
                .via(flows.responses())
                .toMat(Sink.<Inbound>queue(1).withAttributes(Attributes.inputBuffer(1, 1)), Keep.right())
                .run(testKit.system());
        for (int i = 1; i <= 30; i++) {
            queue.pull().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
            // The queue holds one line more than it gave out.
            assertTrue(taken.get() <= i / 3 + 1, "took " + taken.get() + " chunks for " + i + " lines");
        }
        queue.cancel();
    }

    @Test
    void answersAnOverLongCommandAndGoesOn() throws Exception {
        List<DecodedCommand> decoded = commands("{\"cmd\":\"" + "x".repeat(LIMIT) + "\"}\n{\"cmd\":\"quit\"}\n");
        assertEquals(
                new DecodedCommand.Rejected(
                        "", "invalid JSON: a line of " + (LIMIT + 10) + " bytes, over the limit of " + LIMIT),
                decoded.get(0));
        assertEquals(new DecodedCommand.Accepted(new Command.Quit()), decoded.get(1));
    }

    @Test
    void takesALastCommandWithoutNewlineOnlyIfItIsWhole() throws Exception {
        assertEquals(List.of(new DecodedCommand.Accepted(new Command.Quit())), commands("{\"cmd\":\"quit\"}"));
        assertEquals(List.of(), commands("{\"cmd\":\"qu"));
    }

    @Test
    void cutsFreeTextIntoBoundedLines() throws Exception {
        Source<ByteString, ?> bytes =
                Source.from(List.of("war", "ning\r\n\nend")).map(ByteString::fromString);
        assertEquals(List.of("warning", "", "end"), run(bytes, flows.text()));
    }

    @Test
    void encodesOneElementALine() throws Exception {
        List<ByteString> lines = Source.from(List.<Response>of(
                        new Response.QuitAck(),
                        new Response.Ready(1, 1, 2, Set.of(), "v"),
                        new Response.ConfigureDone(Map.of())))
                .via(flows.encodeResponses())
                .runWith(Sink.seq(), testKit.system())
                .toCompletableFuture()
                .get(Waits.LIMIT_S, TimeUnit.SECONDS);
        assertEquals(3, lines.size());
        assertTrue(lines.stream().allMatch(line -> line.utf8String().matches("BM> \\{.*}\n")));
    }
}
