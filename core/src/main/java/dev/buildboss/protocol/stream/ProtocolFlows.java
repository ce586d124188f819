package dev.buildboss.protocol.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.DecodedResponse;
import dev.buildboss.protocol.ProtocolCodec;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** The protocol's flows, for both ends of a worker's standard streams. Immutable and safe to share. */
public final class ProtocolFlows {

    /** How much of a noise line is kept. */
    public static final int MAX_NOISE_BYTES = 4096;

    private static final byte[] PREFIX = ProtocolCodec.PREFIX.getBytes(US_ASCII);

    private final ProtocolCodec codec;
    private final int maxLine;

    /** Flows with these limits. */
    public ProtocolFlows(Settings.Protocol limits) {
        this.codec = new ProtocolCodec(limits);
        this.maxLine = limits.maxLine();
    }

    /** The codec that the flows use. */
    public ProtocolCodec codec() {
        return codec;
    }

    /** Boss side: what a worker wrote to its standard output. */
    public Flow<ByteString, Inbound, NotUsed> responses() {
        return responses(line -> {});
    }

    /** The same, and each line goes to {@code log} as it came (over-long ones: their head), on the stream's thread. */
    public Flow<ByteString, Inbound, NotUsed> responses(Consumer<ByteString> log) {
        return Flow.of(ByteString.class).via(new LineFramer(maxLine)).map(line -> {
            log.accept(bytesOf(line));
            return inbound(line);
        });
    }

    /** Boss side: commands as bytes for a worker's standard input. */
    public Flow<Command, ByteString, NotUsed> encodeCommands() {
        return Flow.of(Command.class).map(codec::encode);
    }

    /**
     * Worker side: what a boss wrote. Blank lines are left out. A line over the limit is a rejected command. A last line
     * without its newline counts if it is a whole command, else it is left out with the boss that did not finish it.
     */
    public Flow<ByteString, DecodedCommand, NotUsed> commands() {
        return Flow.of(ByteString.class)
                .via(new LineFramer(maxLine))
                .map(this::command)
                .filter(Optional::isPresent)
                .map(Optional::get);
    }

    /** Worker side: responses as bytes for standard output, one element a line. */
    public Flow<Response, ByteString, NotUsed> encodeResponses() {
        return Flow.of(Response.class).map(codec::encode);
    }

    /** Either side: free text, such as a worker's standard error, line by line; each cut at {@link #MAX_NOISE_BYTES}. */
    public Flow<ByteString, String, NotUsed> text() {
        return Flow.of(ByteString.class).via(new LineFramer(MAX_NOISE_BYTES)).map(line -> text(bytesOf(line)));
    }

    private Inbound inbound(Line line) {
        byte[] bytes = bytesOf(line).toArrayUnsafe();
        if (!hasPrefix(bytes)) {
            return new Inbound.Noise(text(ByteString.fromArrayUnsafe(bytes)));
        }
        if (line instanceof Line.TooLong tooLong) {
            String excerpt = excerpt(bytes);
            return new Inbound.TooLong(tooLong.length(), excerpt, codec.cellOf(excerpt));
        }
        if (line instanceof Line.Unterminated) {
            return new Inbound.Truncated(excerpt(bytes));
        }
        DecodedResponse decoded = codec.decodeResponse(bytes, PREFIX.length, bytes.length - PREFIX.length);
        if (decoded instanceof DecodedResponse.Known known) {
            return new Inbound.Message(known.response());
        }
        if (decoded instanceof DecodedResponse.Malformed malformed) {
            return new Inbound.Malformed(malformed.reason(), excerpt(bytes));
        }
        return new Inbound.Unknown(((DecodedResponse.Unknown) decoded).resp());
    }

    private Optional<DecodedCommand> command(Line line) {
        if (line instanceof Line.TooLong tooLong) {
            return Optional.of(new DecodedCommand.Rejected(
                    "", "invalid JSON: a line of " + tooLong.length() + " bytes, over the limit of " + maxLine));
        }
        ByteString bytes = bytesOf(line);
        if (isBlank(bytes.toArrayUnsafe())) {
            return Optional.empty();
        }
        DecodedCommand decoded = codec.decodeCommand(bytes);
        return line instanceof Line.Unterminated && decoded instanceof DecodedCommand.Rejected
                ? Optional.empty()
                : Optional.of(decoded);
    }

    private static ByteString bytesOf(Line line) {
        if (line instanceof Line.Whole whole) {
            return whole.bytes();
        }
        if (line instanceof Line.Unterminated unterminated) {
            return unterminated.bytes();
        }
        return ((Line.TooLong) line).head();
    }

    private static boolean hasPrefix(byte[] bytes) {
        return bytes.length >= PREFIX.length && Arrays.equals(bytes, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static String excerpt(byte[] bytes) {
        int length = Math.min(bytes.length - PREFIX.length, LineFramer.HEAD_BYTES);
        return new String(bytes, PREFIX.length, length, UTF_8);
    }

    /** Lenient: bytes that are not UTF-8 become U+FFFD; a carriage return at the end goes with its newline. */
    private static String text(ByteString line) {
        byte[] bytes = line.toArrayUnsafe();
        int length = Math.min(bytes.length, MAX_NOISE_BYTES);
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        return new String(bytes, 0, length, UTF_8);
    }
}
