package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps equal values of many cells once, and parses each text once. Safe for threads. */
final class DiagnosticPool {

    /** The damage of a cell for which there was no room left in the pool; with other cells read before it there may be. */
    static final String LEFT_OUT = "what it said was left out: there are too many different errors in all";

    private final Limits limits;
    private final Map<String, List<Diagnostic>> byText = new ConcurrentHashMap<>();
    private final Map<Diagnostic, Diagnostic> diagnostics = new ConcurrentHashMap<>();
    private final Map<List<Diagnostic>, List<Diagnostic>> lists = new ConcurrentHashMap<>();
    private final Map<ImageSize, ImageSize> sizes = new ConcurrentHashMap<>();
    private final Map<List<ImageSize>, List<ImageSize>> sizeLists = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final AtomicLong characters = new AtomicLong();

    DiagnosticPool(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** The diagnostics of a stderr; adds to the damage if they are too many. */
    List<Diagnostic> diagnostics(byte[] err, List<String> damage) {
        if (err.length == 0) {
            return List.of();
        }
        String digest = digest(err);
        List<Diagnostic> known = byText.get(digest);
        if (known == null) {
            if (characters.get() > limits.maxPool()) {
                damage.add(LEFT_OUT);
                return List.of();
            }
            known = list(DiagnosticParser.parse(new String(err, UTF_8), limits.maxDiagnostics()));
            byText.put(digest, known);
        }
        if (known.size() >= limits.maxDiagnostics()) {
            damage.add("it said more than " + limits.maxDiagnostics() + " things: the rest was left out");
        }
        return known;
    }

    List<Diagnostic> list(List<Diagnostic> given) {
        List<Diagnostic> shared = given.stream().map(this::one).toList();
        return lists.computeIfAbsent(shared, l -> l);
    }

    private Diagnostic one(Diagnostic given) {
        return diagnostics.computeIfAbsent(given, d -> {
            add(d.lines().stream().mapToInt(String::length).sum()
                    + (long) d.key().length());
            return d;
        });
    }

    /** Counts characters of diagnostics that are kept elsewhere. */
    void add(long more) {
        characters.addAndGet(more);
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
