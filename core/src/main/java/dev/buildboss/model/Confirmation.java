package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What building a failed cell again told of its failure; beside a cell's results as a small file of its own.
 *
 * @param verdict whose fault it was
 * @param first the machine on which it failed at first
 * @param returnCode with what
 * @param again the machine that built it again; empty: none yet
 */
public record Confirmation(Verdict verdict, String first, int returnCode, String again) {

    /** The file's name in a cell's directory. */
    public static final String FILE = "confirmation";

    /** The most characters that such a file is read of. */
    public static final int MAX_FILE = 1024;

    private static final int MAX_NAME = 200;

    /** Whose fault a failure was. */
    public enum Verdict {
        /** Not known yet, or the run ended before: the next run builds the cell again. */
        OPEN,
        /** It fails again: the source's. */
        CODE,
        /** It was built again where it had failed: nobody's in particular. */
        FLAKE,
        /** It fails there each time, and was built elsewhere: that machine's. */
        MACHINE,
        /** It was built elsewhere, and where it had failed nobody could try again. */
        FLAKE_OR_MACHINE
    }

    /** Checks the names. */
    public Confirmation {
        requireNonNull(verdict, "verdict");
        requireNonNull(first, "first");
        requireNonNull(again, "again");
        if (first.length() > MAX_NAME || again.length() > MAX_NAME) {
            throw new IllegalArgumentException("a machine's name of more than " + MAX_NAME + " characters");
        }
    }

    /** A failure of which nothing more is known. */
    public static Confirmation open(String machine, int returnCode) {
        return new Confirmation(Verdict.OPEN, machine, returnCode, "");
    }

    /** The same after another build. */
    public Confirmation with(Verdict newVerdict, String machine) {
        return new Confirmation(newVerdict, first, returnCode, machine);
    }

    /** Whether nobody but the machine where it had failed built it again. */
    public boolean isOnOneMachine() {
        return first.equals(again);
    }

    /** In words, without the board. */
    public String words() {
        return switch (verdict) {
            case OPEN -> "failed on " + first + ", not confirmed";
            case CODE -> isOnOneMachine() ? "failed twice on " + first : "failed on " + first + " and on " + again;
            case FLAKE ->
                isOnOneMachine()
                        ? "failed once on " + first + " and was built there the second time"
                        : "failed once on " + first + ", was built on " + again + " and on " + first;
            case MACHINE -> "fails on " + first + " each time, was built on " + again;
            case FLAKE_OR_MACHINE -> "failed on " + first + ", which is gone; was built on " + again;
        };
    }

    /** Its file's text: lines of a name and a value. */
    public String text() {
        return "verdict " + verdict.name().toLowerCase(Locale.ROOT) + "\nfirst " + first + "\ncode " + returnCode
                + "\nagain " + again + "\n";
    }

    /** Reads {@link #text}; empty if it is none. */
    public static Optional<Confirmation> parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            String[] parts = line.split(" ", 2);
            values.put(parts[0], parts.length > 1 ? parts[1].strip() : "");
        }
        try {
            return Optional.of(new Confirmation(
                    Verdict.valueOf(values.getOrDefault("verdict", "").toUpperCase(Locale.ROOT)),
                    values.getOrDefault("first", ""),
                    Integer.parseInt(values.getOrDefault("code", "")),
                    values.getOrDefault("again", "")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
