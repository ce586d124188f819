package dev.buildboss.protocol.stream;

import static java.util.Objects.requireNonNull;

import dev.buildboss.protocol.CellRef;
import dev.buildboss.protocol.Response;
import java.util.Optional;

/**
 * One line of a worker's standard output.
 *
 * <p>Excerpts and noise are a peer's own text with its control characters: make them harmless before they reach a terminal.
 */
public sealed interface Inbound {

    /** A response. */
    record Message(Response response) implements Inbound {
        /** Checks the part. */
        public Message {
            requireNonNull(response, "response");
        }
    }

    /** A line without the prefix: a login banner or the like; at most {@link ProtocolFlows#MAX_NOISE_BYTES} of it. */
    record Noise(String text) implements Inbound {
        /** Checks the part. */
        public Noise {
            requireNonNull(text, "text");
        }
    }

    /** A well-formed response that this version does not know; to be skipped, with a word in the log. */
    record Unknown(String resp) implements Inbound {
        /** Checks the part. */
        public Unknown {
            requireNonNull(resp, "resp");
        }
    }

    /** A prefixed line that is no response: a protocol error of that worker. */
    record Malformed(String reason, String excerpt) implements Inbound {
        /** Checks the parts. */
        public Malformed {
            requireNonNull(reason, "reason");
            requireNonNull(excerpt, "excerpt");
        }
    }

    /**
     * A prefixed line over the limit, which was discarded; the stream goes on.
     *
     * @param bytes its length
     * @param excerpt how its JSON begins
     * @param cell the cell that it belongs to, if its beginning tells; not checked against any lease
     */
    record TooLong(long bytes, String excerpt, Optional<CellRef> cell) implements Inbound {
        /** Checks the parts. */
        public TooLong {
            requireNonNull(excerpt, "excerpt");
            requireNonNull(cell, "cell");
        }
    }

    /** A prefixed line that the stream's end cut. */
    record Truncated(String excerpt) implements Inbound {
        /** Checks the part. */
        public Truncated {
            requireNonNull(excerpt, "excerpt");
        }
    }
}
