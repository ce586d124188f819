package dev.buildboss.protocol;

import static java.util.Objects.requireNonNull;

/** What a worker read on one line: a command, or the text to answer instead. */
public sealed interface DecodedCommand {

    /** A command to carry out. */
    record Accepted(Command command) implements DecodedCommand {
        /** Checks the part. */
        public Accepted {
            requireNonNull(command, "command");
        }
    }

    /**
     * A line that is no command.
     *
     * <p>An existing worker looks at its own state first: a {@code build_board} without a board gets {@code no builder
     * …} before {@code build_prepare}. So the name of the command is kept.
     *
     * @param cmd the command's name where the line is one that is known, but for a field; else empty
     * @param message the {@code msg} of the error to answer; at most a few hundred characters
     */
    record Rejected(String cmd, String message) implements DecodedCommand {
        /** Checks the parts. */
        public Rejected {
            requireNonNull(cmd, "cmd");
            requireNonNull(message, "message");
        }
    }
}
