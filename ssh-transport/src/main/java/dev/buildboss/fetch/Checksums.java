package dev.buildboss.fetch;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code sha256sums.asc}: a checksum and a file name a line, in a clear-signed message or alone. Pure. */
final class Checksums {

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](\\S+)");
    private static final String SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";

    private Checksums() {}

    /** Checksums by file name. What stands outside of the signed part of a signed message doesn't count. */
    static Map<String, String> parse(String text) {
        int begin = text.indexOf(SIGNED);
        int end = text.indexOf(SIGNATURE);
        String part = begin < 0 ? text : text.substring(begin, end < begin ? text.length() : end);
        Map<String, String> result = new HashMap<>();
        part.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                result.put(matcher.group(2), matcher.group(1).toLowerCase(Locale.ROOT));
            }
        });
        return result;
    }
}
