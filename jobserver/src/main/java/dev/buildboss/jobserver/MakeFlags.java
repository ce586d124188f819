package dev.buildboss.jobserver;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The MAKEFLAGS variable, as far as the jobserver goes: who is asked for slots, and everything else left as it is.
 *
 * <p>Immutable. GNU make's manual, "Options/Recursion" and "POSIX Jobserver", is the source of the form.
 *
 * @param options words before {@code --} that are not about the jobserver or {@code -j}; the first may be a group of letters
 *     without a dash
 * @param auth the pool to use
 * @param definitions words after {@code --}: variables, with make's own escapes
 */
public record MakeFlags(List<String> options, Optional<JobserverAuth> auth, List<String> definitions) {

    private static final String AUTH = "--jobserver-auth=";
    private static final String OLD_AUTH = "--jobserver-fds=";

    /** No flags at all. */
    public static final MakeFlags NONE = new MakeFlags(List.of(), Optional.empty(), List.of());

    /** Copies the lists. */
    public MakeFlags {
        options = List.copyOf(options);
        requireNonNull(auth, "auth");
        definitions = List.copyOf(definitions);
    }

    /** Reads the variable's value; of several pools the last counts, and {@code --jobserver-auth} before the older form. */
    public static MakeFlags parse(String value) {
        List<String> options = new ArrayList<>();
        List<String> definitions = new ArrayList<>();
        Optional<String> auth = Optional.empty();
        Optional<String> oldAuth = Optional.empty();
        boolean afterDashes = false;
        for (String word : words(value)) {
            if (afterDashes) {
                definitions.add(word);
            } else if (word.equals("--")) {
                afterDashes = true;
            } else if (word.startsWith(AUTH)) {
                auth = Optional.of(word.substring(AUTH.length()));
            } else if (word.startsWith(OLD_AUTH)) {
                oldAuth = Optional.of(word.substring(OLD_AUTH.length()));
            } else if (!word.matches("-j\\d*")) {
                options.add(word);
            }
        }
        return new MakeFlags(options, (auth.isPresent() ? auth : oldAuth).flatMap(JobserverAuth::parse), definitions);
    }

    /** The same flags with another pool. */
    public MakeFlags withAuth(JobserverAuth pool) {
        return new MakeFlags(options, Optional.of(pool), definitions);
    }

    /**
     * The variable's value.
     *
     * <p>Descriptors are named in both forms, the one that newer makes prefer last. A first word that is no group of letters
     * has a blank before it, as make writes it.
     */
    public String value() {
        List<String> words = new ArrayList<>(options);
        if (auth.isPresent()) {
            words.add("-j");
            if (auth.get() instanceof JobserverAuth.Descriptors) {
                words.add(OLD_AUTH + auth.get().value());
            }
            words.add(AUTH + auth.get().value());
        }
        if (!definitions.isEmpty()) {
            words.add("--");
            words.addAll(definitions);
        }
        String value = String.join(" ", words);
        return value.startsWith("-") ? " " + value : value;
    }

    /** Splits at blanks that have no backslash before them. */
    private static List<String> words(String value) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                word.append(c).append(value.charAt(++i));
            } else if (c == ' ' || c == '\t') {
                addWord(words, word);
            } else {
                word.append(c);
            }
        }
        addWord(words, word);
        return words;
    }

    private static void addWord(List<String> words, StringBuilder word) {
        if (word.length() > 0) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
