package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.text.Printable;
import java.time.Duration;
import java.util.Locale;

/** The one line that tells how far a build is: {@code ok warned failed /total -remaining ETA (soonest-latest) : target [machine]}. Pure. */
final class ProgressLine {

    private ProgressLine() {}

    /**
     * The line, cut to a width.
     *
     * @param width columns; colours don't count
     */
    static String render(Tally tally, Duration elapsed, int width, Style style) {
        String ok = String.format(Locale.ROOT, "%5d", tally.ok());
        String warned = String.format(Locale.ROOT, " %4d", tally.warned());
        String failed = String.format(Locale.ROOT, " %4d", tally.failed());
        String eta = tally.said()
                .map(ProgressLine::range)
                .or(() -> tally.eta(elapsed).map(Tally::clock))
                .orElse("");
        String rest = String.format(
                Locale.ROOT,
                " /%-5d  -%-5d  %-8s  : %s [%s]",
                tally.total(),
                tally.remaining(),
                eta,
                Printable.line(tally.target()),
                Printable.line(tally.where()));
        int counts = ok.length() + warned.length() + failed.length();
        if (width <= counts) {
            return (ok + warned + failed).substring(0, Math.max(0, width));
        }
        return style.green(ok) + style.yellow(warned) + style.red(failed) + cut(rest, width - counts);
    }

    /** The end, and between which times four of five such runs end. */
    private static String range(BuildEvent.Eta eta) {
        return Tally.clock(eta.left()) + " (" + Tally.clock(eta.soonest()) + "-" + Tally.clock(eta.latest()) + ")";
    }

    private static String cut(String text, int width) {
        return text.codePointCount(0, text.length()) <= width
                ? text
                : text.substring(0, text.offsetByCodePoints(0, width));
    }
}
