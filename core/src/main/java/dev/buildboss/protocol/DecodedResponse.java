package dev.buildboss.protocol;

import static java.util.Objects.requireNonNull;

/** What a boss read after the prefix of one line. */
public sealed interface DecodedResponse {

    /** A response of the protocol. */
    record Known(Response response) implements DecodedResponse {
        /** Checks the part. */
        public Known {
            requireNonNull(response, "response");
        }
    }

    /** A well-formed object whose {@code resp} this version does not know: to be skipped. */
    record Unknown(String resp) implements DecodedResponse {
        /** Checks the part. */
        public Unknown {
            requireNonNull(resp, "resp");
        }
    }

    /** A protocol error of that worker, and what is wrong. */
    record Malformed(String reason) implements DecodedResponse {
        /** Checks the part. */
        public Malformed {
            requireNonNull(reason, "reason");
        }
    }
}
