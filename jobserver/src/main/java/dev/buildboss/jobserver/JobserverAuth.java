package dev.buildboss.jobserver;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a client reaches a pool: the value of {@code --jobserver-auth=}. */
public sealed interface JobserverAuth {

    /** The value as it stands in MAKEFLAGS. */
    String value();

    /**
     * Inherited descriptors ({@code R,W}): all versions of make.
     *
     * @param read the descriptor to take tokens from
     * @param write the descriptor to give them back to; may be the same
     */
    record Descriptors(int read, int write) implements JobserverAuth {
        /** Checks that they can be descriptors. */
        public Descriptors {
            if (read < 0 || write < 0) {
                throw new IllegalArgumentException("descriptors " + read + "," + write);
            }
        }

        @Override
        public String value() {
            return read + "," + write;
        }
    }

    /**
     * A named pipe ({@code fifo:PATH}): make 4.4 and later. To make 4.3 and earlier it is a fatal error.
     *
     * @param path the pipe; without blanks, backslashes, dollars and quotes, which MAKEFLAGS can't carry safely
     */
    record Fifo(Path path) implements JobserverAuth {
        private static final Pattern UNSAFE = Pattern.compile("[\\s\\\\$'\"]");

        /** Checks the path. */
        public Fifo {
            requireNonNull(path, "path");
            if (!isSafe(path)) {
                throw new IllegalArgumentException("MAKEFLAGS can't carry the path " + path);
            }
        }

        /** Whether MAKEFLAGS can carry that path. */
        public static boolean isSafe(Path path) {
            return !UNSAFE.matcher(path.toString()).find();
        }

        @Override
        public String value() {
            return "fifo:" + path;
        }
    }

    /** Reads such a value; empty for one that is of no use, such as make's own {@code -2,-2} for "no jobserver". */
    static Optional<JobserverAuth> parse(String value) {
        if (value.startsWith("fifo:")) {
            String path = value.substring("fifo:".length());
            return path.isEmpty() || Fifo.UNSAFE.matcher(path).find()
                    ? Optional.empty()
                    : Optional.of(new Fifo(Path.of(path)));
        }
        Matcher pair = Pattern.compile("(\\d{1,9}),(\\d{1,9})").matcher(value);
        return pair.matches()
                ? Optional.of(new Descriptors(Integer.parseInt(pair.group(1)), Integer.parseInt(pair.group(2))))
                : Optional.empty();
    }
}
