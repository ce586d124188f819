package dev.buildboss.report.format;

import dev.buildboss.report.results.Diagnostic;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names the rule that a diagnostic comes from, as stable as its tool's own names. Pure. */
final class SarifRule {

    private static final Pattern FLAG = Pattern.compile("\\[-W(?:error=)?([a-z0-9][a-z0-9+=-]{0,60})]\\s*$");
    private static final Pattern DEVICE_TREE = Pattern.compile("Warning \\(([a-z0-9_]{1,60})\\)");
    private static final Pattern PLACE = Pattern.compile("^[^:\\s]+:\\d+(?::\\d+)?:\\s+");

    private SarifRule() {}

    /** The rule's id: {@code gcc/unused-variable}, {@code dtc/unit_address_vs_reg}, else the kind of thing it is. */
    static String of(Diagnostic diagnostic) {
        String headline = diagnostic.headlineText();
        return group(FLAG, headline)
                .map(flag -> "gcc/" + flag)
                .or(() -> group(DEVICE_TREE, headline).map(check -> "dtc/" + check))
                .orElse("build/" + Words.of(diagnostic.severity()));
    }

    /** The headline without its place, which a viewer shows by itself. */
    static String message(Diagnostic diagnostic) {
        return PLACE.matcher(diagnostic.headlineText()).replaceFirst("");
    }

    private static Optional<String> group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
