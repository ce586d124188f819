package dev.buildboss.exec;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How a program's run ended.
 *
 * @param end whether it ended by itself
 * @param code its exit status (128 + n: signal n); −1 if it did not start
 * @param out what it wrote to stdout; bytes that are not UTF-8 are U+FFFD
 * @param err what it wrote to stderr
 * @param detail one line on an end other than {@link End#EXITED}; names the program
 * @param cpu CPU time of it and of all that it waited for; empty: it was not measured ({@link Exec#usage}), or did not end by itself
 */
public record Execution(End end, int code, String out, String err, String detail, Optional<Duration> cpu) {
    /** Checks the parts. */
    public Execution {
        requireNonNull(end, "end");
        requireNonNull(out, "out");
        requireNonNull(err, "err");
        requireNonNull(detail, "detail");
        requireNonNull(cpu, "cpu");
    }

    /** One whose CPU time nobody measured. */
    public Execution(End end, int code, String out, String err, String detail) {
        this(end, code, out, err, detail, Optional.empty());
    }

    /** The same with a CPU time. */
    Execution withCpu(Optional<Duration> time) {
        return new Execution(end, code, out, err, detail, time);
    }

    /** Whether it ran to its end with status 0. */
    public boolean ok() {
        return end == End.EXITED && code == 0;
    }

    /** One line that says what went wrong: the detail, or the last line of stderr, or the code. */
    public String trouble() {
        if (!detail.isEmpty()) {
            return detail;
        }
        String text = err.strip();
        return text.isEmpty() ? "exit status " + code : text.substring(text.lastIndexOf('\n') + 1);
    }

    /** How a run can end. */
    public enum End {
        /** By itself. */
        EXITED,
        /** It could not be started. */
        NOT_STARTED,
        /** It was ended at its time limit. */
        TIMED_OUT,
        /** Its {@link OutputWatch} had it ended. */
        STOPPED,
        /** Its {@link EndSignal} was given. */
        CANCELLED,
        /** The runner was closed, or the thread interrupted. */
        CLOSED
    }
}
