package dev.buildboss.recipe;

import dev.buildboss.exec.OutputWatch;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ends a make that asks the same Kconfig question for ever: standard input is /dev/null, so nobody will answer.
 *
 * <p>The sign: after {@code Restart config}, the same {@code (NAME) [] (NEW)} comes again.
 */
final class KconfigLoopWatch implements OutputWatch {
    private static final Pattern SIGN = Pattern.compile("Restart config|\\(([A-Za-z0-9_]+)\\) \\[\\] \\(NEW\\)");

    /** Longer than any sign: what is kept of a piece, as the next one may bring the rest of a sign. */
    private static final int KEPT = 200;

    private final Set<String> asked = new HashSet<>();
    private boolean restarted;
    private String rest = "";

    @Override
    public Optional<String> see(String piece) {
        String text = rest + piece;
        Matcher matcher = SIGN.matcher(text);
        int seen = 0;
        while (matcher.find()) {
            seen = matcher.end();
            String name = matcher.group(1);
            if (name == null) {
                restarted = true;
            } else if (restarted && !asked.add(name)) {
                return Optional.of("Kconfig asks for " + name + " again and again: it needs a default");
            }
        }
        rest = text.substring(Math.max(seen, text.length() - KEPT));
        return Optional.empty();
    }
}
