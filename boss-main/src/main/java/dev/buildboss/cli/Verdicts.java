package dev.buildboss.cli;

import dev.buildboss.model.ExitStatus;
import java.util.Locale;

/** Exit statuses in words. */
final class Verdicts {

    private Verdicts() {}

    /** {@code ok}, {@code warnings}, {@code failed}, {@code not-built}, {@code interrupted}, {@code internal}, {@code usage}. */
    static String words(int status) {
        for (ExitStatus known : ExitStatus.values()) {
            if (known.code() == status) {
                return known.name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }
        return "status " + status;
    }
}
