package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Severity;
import dev.buildboss.report.summary.DiagnosticChange.Kind;
import dev.buildboss.report.summary.TextLine.Tone;
import dev.buildboss.report.summary.TextOptions.Part;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A summary as lines of text, in the form that users of U-Boot's {@code buildman} know: for each commit, what it changed. All
 * text is safe to print.
 */
public final class TextSummary {

    private static final int MAX_FUNCTIONS = 500;

    private final Summary summary;
    private final TextOptions options;
    private final Details details;
    /** How many boards each architecture has. */
    private final Map<String, Integer> boardsOf = new HashMap<>();

    /** A summary's text; details are read under these limits. */
    public TextSummary(Summary summary, TextOptions options, Limits limits) {
        this.summary = requireNonNull(summary, "summary");
        this.options = requireNonNull(options, "options");
        this.details = new Details(summary.matrix(), limits);
        summary.matrix().boards().forEach(board -> boardsOf.merge(board.arch(), 1, Integer::sum));
    }

    /**
     * The first line.
     *
     * @param threads what the bracket says of threads; empty: no bracket
     */
    public String heading(String threads) {
        return heading(threads, 0, 0);
    }

    /**
     * The first line while more may come.
     *
     * @param atLeastCommits how many commits there will be
     * @param atLeastBoards how many boards there will be
     */
    public String heading(String threads, int atLeastCommits, int atLeastBoards) {
        int commits = Math.max(atLeastCommits, summary.matrix().commits().size());
        int boards = Math.max(atLeastBoards, summary.matrix().boards().size());
        String what = summary.matrix().current() ? "current source" : commits + (commits == 1 ? " commit" : " commits");
        return "Summary of " + what + " for " + boards + (boards == 1 ? " board" : " boards")
                + (threads.isEmpty() ? "" : " (" + threads + ")");
    }

    /** The lines of all commits, worked out as they are asked for. */
    public Stream<TextLine> lines() {
        Stream<TextLine> problems = summary.matrix().problems().stream()
                .map(problem -> TextLine.of(Tone.WARNING, "left out: " + Printable.line(problem)));
        return Stream.concat(summary.commits().flatMap(commit -> commit(commit).stream()), problems);
    }

    /** The lines of one commit, its heading first. */
    public List<TextLine> commit(CommitChanges changes) {
        List<TextLine> lines = new ArrayList<>();
        commit(changes, lines::add);
        return lines;
    }

    /** The same one by one: all at once may be more than there is memory for. */
    public void commit(CommitChanges changes, Consumer<TextLine> lines) {
        lines.accept(TextLine.plain(
                summary.matrix().current()
                        ? "current source:"
                        : String.format(
                                Locale.ROOT,
                                "%02d: %s",
                                changes.commit().number(),
                                Printable.line(changes.commit().subject()))));
        outcomes(changes, lines);
        apart(changes, lines);
        if (options.shows(Part.ERRORS)) {
            diagnostics(changes, lines);
        }
        if (options.shows(Part.SIZES) || options.shows(Part.BOARD_SIZES) || options.shows(Part.FUNCTIONS)) {
            sizes(changes, lines);
        }
        if (options.shows(Part.ENVIRONMENT)) {
            details.environment(changes.index()).forEach(v -> values(v, lines));
        }
        if (options.shows(Part.CONFIG)) {
            details.config(changes.index()).forEach(v -> values(v, lines));
        }
    }

    private void outcomes(CommitChanges changes, Consumer<TextLine> lines) {
        SortedMap<String, TextLine> byArch = new TreeMap<>();
        group(changes.boards(Change.BROKEN), Tone.BAD, "+", byArch);
        group(changes.boards(Change.WARNS), Tone.WARNING, "w+", byArch);
        group(changes.boards(Change.FIXED), Tone.GOOD, "", byArch);
        group(changes.boards(Change.NEW), Tone.NEW, "*", byArch);
        if (options.shows(Part.UNKNOWN)) {
            group(changes.unknown(), Tone.UNKNOWN, "?", byArch);
        }
        byArch.values().forEach(lines);
    }

    private void group(List<String> boards, Tone tone, String sign, SortedMap<String, TextLine> byArch) {
        SortedMap<String, List<String>> groups = new TreeMap<>();
        boards.forEach(board ->
                groups.computeIfAbsent(arch(board), a -> new ArrayList<>()).add(board));
        groups.forEach((arch, names) -> {
            TextLine line = byArch.computeIfAbsent(
                    arch, a -> TextLine.plain(String.format(Locale.ROOT, "%10s: ", a.isEmpty() ? "boards" : a)));
            byArch.put(arch, line.and(tone, " " + sign + "   " + String.join(" ", names)));
        });
    }

    private String arch(String board) {
        return summary.matrix().board(board).map(Board::arch).orElse("");
    }

    /** What is no change of the source's making. */
    private void apart(CommitChanges changes, Consumer<TextLine> lines) {
        TreeSet<String> blobs = new TreeSet<>();
        changes.diagnostics(Kind.ADDED).stream()
                .filter(d -> d.diagnostic().severity() == Severity.MISSING_BLOB)
                .forEach(d -> blobs.addAll(d.boards()));
        if (!blobs.isEmpty()) {
            lines.accept(TextLine.of(Tone.WARNING, "   missing external blobs: " + String.join(" ", blobs)));
        }
        if (!changes.flakes().isEmpty()) {
            lines.accept(TextLine.of(
                    Tone.WARNING,
                    "   likely flakes, as they built again without a change: " + String.join(" ", changes.flakes())));
        }
        summary.confirmed(changes.index())
                .forEach(group -> lines.accept(
                        TextLine.of(Tone.WARNING, "   " + group.label() + ": " + String.join(" ", group.told()))));
        List<String> leftOut = new ArrayList<>();
        changes.damaged().forEach((board, damage) -> {
            if (damage.equals(List.of(CellReport.LEFT_OUT))) {
                leftOut.add(board);
            } else {
                lines.accept(TextLine.of(
                        Tone.WARNING, "   damaged: " + board + ": " + Printable.line(String.join(", ", damage))));
            }
        });
        if (!leftOut.isEmpty()) {
            lines.accept(TextLine.of(
                    Tone.WARNING, "   left out for want of memory, what these said: " + String.join(" ", leftOut)));
        }
    }

    private void diagnostics(CommitChanges changes, Consumer<TextLine> lines) {
        List<DiagnosticChange> gone = changes.diagnostics(Kind.GONE).stream()
                .filter(d -> options.shows(Part.ERROR_BOARDS) || !d.elsewhere())
                .toList();
        List<DiagnosticChange> added = changes.diagnostics(Kind.ADDED);
        show(gone, false, "-", Tone.GOOD, lines);
        show(added, false, "+", Tone.BAD, lines);
        show(gone, true, "w-", Tone.GOOD, lines);
        show(added, true, "w+", Tone.WARNING, lines);
        int moved = changes.diagnostics(Kind.MOVED).size();
        if (moved > 0) {
            lines.accept(TextLine.plain("   (" + moved + (moved == 1 ? " error or warning" : " errors or warnings")
                    + " only moved to other lines)"));
        }
    }

    private void show(List<DiagnosticChange> all, boolean warnings, String sign, Tone tone, Consumer<TextLine> lines) {
        for (DiagnosticChange change : all) {
            Diagnostic diagnostic = change.diagnostic();
            boolean isWarning =
                    diagnostic.severity() == Severity.WARNING || diagnostic.severity() == Severity.MISSING_BLOB;
            if (isWarning == warnings) {
                String boards = options.shows(Part.ERROR_BOARDS) ? "(" + String.join(" ", change.boards()) + ") " : "";
                for (String line : diagnostic.lines()) {
                    lines.accept(TextLine.of(tone, sign + boards + Printable.lines(line)));
                }
            }
        }
    }

    private void sizes(CommitChanges changes, Consumer<TextLine> lines) {
        SortedMap<String, List<SizeChange>> byArch = new TreeMap<>();
        changes.sizes()
                .forEach(size -> byArch.computeIfAbsent(size.arch(), a -> new ArrayList<>())
                        .add(size));
        byArch.forEach((arch, boards) -> {
            int sized = changes.sized().getOrDefault(arch, boards.size());
            lines.accept(average(arch, boards, sized));
            for (SizeChange board : boards) {
                if (options.shows(Part.BOARD_SIZES) || options.shows(Part.FUNCTIONS)) {
                    TextLine line = TextLine.plain(String.format(Locale.ROOT, "            %-15s:", board.board()));
                    for (Map.Entry<String, Long> delta : board.deltas().entrySet()) {
                        line = line.and(tone(delta.getValue()), part(delta.getKey(), "%+d", delta.getValue()));
                    }
                    lines.accept(line);
                }
                if (options.shows(Part.FUNCTIONS)) {
                    details.growth(changes.index(), board.board()).forEach(image -> functions(image, lines));
                }
            }
        });
    }

    private TextLine average(String arch, List<SizeChange> boards, int sized) {
        int all = boardsOf.getOrDefault(arch, 0);
        SortedMap<String, Long> sums = new TreeMap<>();
        boards.forEach(board -> board.deltas().forEach((part, delta) -> sums.merge(part, delta, Long::sum)));
        TextLine line = TextLine.plain(
                String.format(Locale.ROOT, "%10s: (for %d/%d boards)", arch.isEmpty() ? "boards" : arch, sized, all));
        for (Map.Entry<String, Long> sum : sums.entrySet()) {
            double mean = (double) sum.getValue() / sized;
            line = line.and(tone(sum.getValue()), part(sum.getKey(), "%+.1f", mean));
        }
        return line;
    }

    private static String part(String name, String format, Object value) {
        return " " + Printable.line(name) + " " + String.format(Locale.ROOT, format, value);
    }

    private static Tone tone(long delta) {
        return delta > 0 ? Tone.BAD : delta < 0 ? Tone.GOOD : Tone.PLAIN;
    }

    private static void functions(ImageGrowth image, Consumer<TextLine> lines) {
        lines.accept(TextLine.plain(String.format(
                Locale.ROOT,
                "               %s: add: %d/%d, grow: %d/%d bytes: %d/%d (%d)",
                Printable.line(image.image()),
                image.added(),
                -image.removed(),
                image.grown(),
                -image.shrunk(),
                image.bytesUp(),
                image.bytesDown(),
                image.bytesUp() + image.bytesDown())));
        lines.accept(TextLine.plain(functionRow("function", "old", "new", "delta")));
        image.functions().stream()
                .limit(MAX_FUNCTIONS)
                .forEach(f -> lines.accept(TextLine.of(
                        tone(f.delta()),
                        functionRow(
                                Printable.line(f.name()),
                                f.old() == 0 ? "-" : String.valueOf(f.old()),
                                f.now() == 0 ? "-" : String.valueOf(f.now()),
                                String.format(Locale.ROOT, "%+d", f.delta())))));
        if (image.functions().size() > MAX_FUNCTIONS) {
            lines.accept(
                    TextLine.plain("                 and " + (image.functions().size() - MAX_FUNCTIONS) + " more"));
        }
    }

    private static String functionRow(String name, String old, String now, String delta) {
        return String.format(Locale.ROOT, "                 %-38s %7s %7s %7s", name, old, now, delta);
    }

    private static void values(BoardValues values, Consumer<TextLine> lines) {
        lines.accept(TextLine.plain(String.join(" ", values.boards()) + ":"));
        values.files().forEach((file, changes) -> {
            StringBuilder added = new StringBuilder();
            changes.added()
                    .forEach((name, value) ->
                            added.append(' ').append(name).append('=').append(value));
            StringBuilder removed = new StringBuilder();
            changes.removed()
                    .forEach((name, value) ->
                            removed.append(' ').append(name).append('=').append(value));
            StringBuilder changed = new StringBuilder();
            changes.changed()
                    .forEach((name, both) -> changed.append(' ')
                            .append(name)
                            .append('=')
                            .append(both.old())
                            .append(" -> ")
                            .append(both.now()));
            value("+", Tone.BAD, file, added, lines);
            value("-", Tone.GOOD, file, removed, lines);
            value("c", Tone.WARNING, file, changed, lines);
        });
    }

    private static void value(String sign, Tone tone, String file, StringBuilder text, Consumer<TextLine> lines) {
        if (!text.isEmpty()) {
            lines.accept(TextLine.of(
                    tone, "   " + sign + " " + Printable.line(file) + ":" + Printable.line(text.toString())));
        }
    }
}
