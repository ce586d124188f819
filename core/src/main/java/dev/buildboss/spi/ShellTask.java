package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * A small script to be run on a machine.
 *
 * @param what what it does, for messages, such as {@code "looking for workers"}
 * @param script the text, for a POSIX {@code sh}; it must be a constant of the program: what varies goes into the arguments
 * @param arguments its arguments, passed as they are, through no shell
 * @param limit the longest that it may take
 */
public record ShellTask(String what, String script, List<String> arguments, Duration limit) {
    /** Copies the list. */
    public ShellTask {
        requireNonNull(what, "what");
        requireNonNull(script, "script");
        arguments = List.copyOf(arguments);
        requireNonNull(limit, "limit");
    }
}
