package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps equal values of many cells once, parses each text once, and bounds what different diagnostics take. What cells say counts
 * when one of them is taken, and once, wherever it was read: from its files or from an index. Safe for threads.
 */
final class DiagnosticPool {

    // What they take in a JVM with references of 32 bits: objects with their headers, their places in lists and maps.
    private static final int BYTES_OF_LIST = 256;
    private static final int BYTES_OF_DIAGNOSTIC = 192;
    private static final int BYTES_OF_TEXT = 48;
    private static final int BYTES_OF_REFERENCE = 4;
    private static final int LATIN_1 = 0xff;

    private final Limits limits;
    private final Map<String, List<Diagnostic>> byText = new ConcurrentHashMap<>();
    /** Guarded by this pool. */
    private final Map<Diagnostic, Diagnostic> diagnostics = new HashMap<>();

    private final Map<List<Diagnostic>, List<Diagnostic>> lists = new ConcurrentHashMap<>();
    private final Map<ImageSize, ImageSize> sizes = new ConcurrentHashMap<>();
    private final Map<List<ImageSize>, List<ImageSize>> sizeLists = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    /** Guarded by this pool. */
    private long bytes;
    /** From the first time that something did not fit: what comes then is not even parsed. */
    private volatile boolean full;

    DiagnosticPool(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** Whether something did not fit. */
    boolean isFull() {
        return full;
    }

    /** The diagnostics of a stderr; adds to the damage if they are too many. */
    List<Diagnostic> diagnostics(byte[] err, List<String> damage) {
        if (err.length == 0) {
            return List.of();
        }
        String digest = digest(err);
        List<Diagnostic> known = byText.get(digest);
        if (known == null) {
            known = full
                    ? null
                    : admit(DiagnosticParser.parse(new String(err, UTF_8), limits.maxDiagnostics()))
                            .orElse(null);
            if (known == null) {
                damage.add(CellReport.LEFT_OUT);
                return List.of();
            }
            byText.put(digest, known);
        }
        if (known.size() >= limits.maxDiagnostics()) {
            damage.add("it said more than " + limits.maxDiagnostics() + " things: the rest was left out");
        }
        return known;
    }

    /** A cell of an index, with what it said in this pool; without that if there is no room. */
    CellReport admit(CellReport known) {
        return known.diagnostics().isEmpty()
                ? known
                : admit(known.diagnostics()).map(known::saying).orElseGet(known::leftOut);
    }

    /** The same as a list that all share who say it; empty if there is no room. */
    private Optional<List<Diagnostic>> admit(List<Diagnostic> said) {
        List<Diagnostic> known = lists.get(said);
        return known == null ? add(said) : Optional.of(known);
    }

    private synchronized Optional<List<Diagnostic>> add(List<Diagnostic> said) {
        List<Diagnostic> first = lists.get(said); // another thread's, since it was asked for
        if (first != null) {
            return Optional.of(first);
        }
        long more = BYTES_OF_LIST + (long) BYTES_OF_REFERENCE * said.size();
        List<Diagnostic> shared = new ArrayList<>(said.size());
        for (Diagnostic diagnostic : said) {
            Diagnostic known = diagnostics.get(diagnostic);
            more += known == null ? bytesOf(diagnostic) : 0;
            shared.add(known == null ? diagnostic : known);
        }
        if (full || more > limits.maxPool() - bytes) {
            full = true;
            return Optional.empty();
        }
        bytes += more;
        shared.forEach(diagnostic -> diagnostics.put(diagnostic, diagnostic));
        List<Diagnostic> list = List.copyOf(shared);
        lists.put(list, list);
        return Optional.of(list);
    }

    /** What a diagnostic takes in memory, about. */
    static long bytesOf(Diagnostic diagnostic) {
        long all = BYTES_OF_DIAGNOSTIC + bytesOf(diagnostic.key());
        for (String line : diagnostic.lines()) {
            all += bytesOf(line);
        }
        return diagnostic.place().isEmpty()
                ? all
                : all + bytesOf(diagnostic.place().get().file());
    }

    /** A text is kept in one byte a character unless one of them needs two. */
    private static long bytesOf(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LATIN_1) {
                return BYTES_OF_TEXT + 2L * text.length();
            }
        }
        return BYTES_OF_TEXT + (long) text.length();
    }

    ImageSize size(ImageSize given) {
        return sizes.computeIfAbsent(given, s -> s);
    }

    List<ImageSize> sizes(List<ImageSize> given) {
        return given.isEmpty() ? List.of() : sizeLists.computeIfAbsent(List.copyOf(given), s -> s);
    }

    String name(String given) {
        return names.computeIfAbsent(given, n -> n);
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
