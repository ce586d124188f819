package dev.buildboss.protocol.stream;

import static java.util.Objects.requireNonNull;

import org.apache.pekko.util.ByteString;

/** What {@link LineFramer} makes of a byte stream; newlines are not part of it. */
public sealed interface Line {

    /** A line that ended with a newline; compact. */
    record Whole(ByteString bytes) implements Line {
        /** Checks the part. */
        public Whole {
            requireNonNull(bytes, "bytes");
        }
    }

    /**
     * A line over the limit, which was discarded up to its newline or the stream's end.
     *
     * @param head its first bytes, at most {@link LineFramer#HEAD_BYTES}
     * @param length its length in bytes
     */
    record TooLong(ByteString head, long length) implements Line {
        /** Checks the part. */
        public TooLong {
            requireNonNull(head, "head");
        }
    }

    /** What came after the last newline when the stream ended; never empty. */
    record Unterminated(ByteString bytes) implements Line {
        /** Checks the part. */
        public Unterminated {
            requireNonNull(bytes, "bytes");
        }
    }
}
