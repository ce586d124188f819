package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds something: a process of a user on a host.
 *
 * @param user the user's name
 * @param host the host's name
 * @param process the process id there
 * @param since since when, in whole seconds
 */
public record Owner(String user, String host, long process, Instant since) {

    private static final int MAX_NAME = 64;
    private static final Pattern TEXT =
            Pattern.compile("([^@\\s]{1,64})@(\\S{1,64}) process (\\d{1,10}) since (\\S{1,40})");

    /** Makes the names words, so that the text is one line and can be read back. */
    public Owner {
        user = word(user).replace('@', '_');
        host = word(host);
        if (process < 0) {
            throw new IllegalArgumentException("process: " + process);
        }
        since = requireNonNull(since, "since").truncatedTo(ChronoUnit.SECONDS);
    }

    private static String word(String name) {
        String plain = name.replaceAll("[^\\p{Graph}]", "_");
        return plain.isEmpty() ? "unknown" : plain.substring(0, Math.min(MAX_NAME, plain.length()));
    }

    /** One line for people, lock files and command lines: {@code user@host process 1234 since 2026-01-31T08:00:00Z}. */
    public String text() {
        return user + "@" + host + " process " + process + " since " + since;
    }

    /** Reads {@link #text} back; empty: it is none. */
    public static Optional<Owner> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Owner(
                    matcher.group(1),
                    matcher.group(2),
                    Long.parseLong(matcher.group(3)),
                    Instant.parse(matcher.group(4))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
