package dev.buildboss.report;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run says of each commit in a few lines: which boards it broke, made warn, or fixed. Pure.
 *
 * <p>Each commit is compared with the one before it; the first with a source without faults. A cell that was not built is no
 * change; it is listed at the end with its reason.
 */
public final class Verdict {

    private static final int MAX_NAMES = 40;

    private final BuildRequest request;
    private final BuildReport report;

    private Verdict(BuildRequest request, BuildReport report) {
        this.request = request;
        this.report = report;
    }

    /** How a line is to be shown. */
    public enum Tone {
        /** A commit's heading, or anything else. */
        PLAIN,
        /** Fixed. */
        GOOD,
        /** Newly warning, or not built. */
        WARNING,
        /** Newly failing. */
        BAD
    }

    /** One line; its text is safe to print. */
    public record Line(Tone tone, String text) {}

    /** The lines for a run; empty if no commit changed anything. */
    public static List<Line> of(BuildRequest request, BuildReport report) {
        return new Verdict(request, report).lines();
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < request.commits().size(); i++) {
            List<Line> changes = changes(i);
            if (!changes.isEmpty()) {
                lines.add(new Line(Tone.PLAIN, heading(i)));
                lines.addAll(changes);
            }
        }
        lines.addAll(notBuilt());
        return lines;
    }

    private String heading(int commit) {
        return request.current()
                ? "current source:"
                : String.format(
                        Locale.ROOT,
                        "%02d: %s",
                        commit + 1,
                        Printable.line(request.commits().get(commit).subject()));
    }

    /** The changes of one commit, by architecture. */
    private List<Line> changes(int commit) {
        Map<String, Map<Tone, List<String>>> byArch = new TreeMap<>();
        for (Board board : request.boards()) {
            change(board.target(), commit)
                    .ifPresent(tone -> byArch.computeIfAbsent(
                                    board.arch().equals(Board.HERE) ? "" : board.arch(), a -> new TreeMap<>())
                            .computeIfAbsent(tone, t -> new ArrayList<>())
                            .add(board.target()));
        }
        List<Line> lines = new ArrayList<>();
        byArch.forEach((arch, tones) -> tones.forEach((tone, boards) -> lines.add(new Line(
                tone,
                String.format(
                        Locale.ROOT, "%10s:  %-2s %s", arch.isEmpty() ? "boards" : arch, sign(tone), names(boards))))));
        return lines;
    }

    private static String sign(Tone tone) {
        return switch (tone) {
            case BAD -> "+";
            case WARNING -> "w+";
            case GOOD, PLAIN -> "";
        };
    }

    private Optional<Tone> change(String board, int commit) {
        Optional<Kind> now = kind(board, commit);
        Kind before = Kind.OK;
        for (int i = commit - 1; i >= 0; i--) {
            Optional<Kind> earlier = kind(board, i);
            if (earlier.isPresent()) {
                before = earlier.get();
                break;
            }
        }
        if (now.isEmpty() || now.get() == before) {
            return Optional.empty();
        }
        return Optional.of(
                switch (now.get()) {
                    case FAILED -> Tone.BAD;
                    case WARNING -> Tone.WARNING;
                    case OK -> Tone.GOOD;
                });
    }

    private Optional<Kind> kind(String board, int commit) {
        CellOutcome outcome = report.outcomes().get(new Cell(board, commit));
        return outcome instanceof Built built ? Optional.of(built.kind()) : Optional.empty();
    }

    /** Cells without a verdict, by reason. */
    private List<Line> notBuilt() {
        Map<String, List<Cell>> byReason = new TreeMap<>();
        report.outcomes().forEach((cell, outcome) -> {
            if (outcome instanceof NotBuilt not) {
                String detail = Printable.line(not.detail());
                byReason.computeIfAbsent(
                                not.reason().words() + (detail.isEmpty() ? "" : ": " + detail),
                                reason -> new ArrayList<>())
                        .add(cell);
            }
        });
        List<Line> lines = new ArrayList<>();
        byReason.forEach((reason, cells) -> {
            cells.sort(Comparator.comparing(Cell::board).thenComparing(Cell::commit));
            List<String> boards = cells.stream().map(Cell::board).distinct().toList();
            lines.add(new Line(
                    Tone.WARNING,
                    "not built, " + reason + ": " + names(boards) + " (" + cells.size()
                            + (cells.size() == 1 ? " cell)" : " cells)")));
        });
        return lines;
    }

    private static String names(List<String> boards) {
        List<String> sorted = boards.stream().sorted().toList();
        return sorted.size() <= MAX_NAMES
                ? String.join(" ", sorted)
                : String.join(" ", sorted.subList(0, MAX_NAMES)) + " and " + (sorted.size() - MAX_NAMES) + " more";
    }
}
