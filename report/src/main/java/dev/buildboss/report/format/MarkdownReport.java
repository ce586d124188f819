package dev.buildboss.report.format;

import dev.buildboss.model.Board;
import dev.buildboss.report.results.Severity;
import dev.buildboss.report.summary.Change;
import dev.buildboss.report.summary.CommitChanges;
import dev.buildboss.report.summary.DiagnosticChange;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A few lines of Markdown for a pull request: how the last commit stands, and what each commit broke or fixed. Bounded
 * whatever the matrix. Text of others stands in code spans and blocks only, where no markup, mention or link is read.
 */
final class MarkdownReport implements ReportFormat {

    /** Well under the 65,536 characters that code hosts take for a comment. */
    static final int MOST = 16 * 1024;

    private static final int MOST_BOARDS = 12;
    private static final int MOST_DIAGNOSTICS = 5;
    private static final int MOST_LINES = 8;
    private static final int MOST_LINE = 160;
    private static final int MOST_SUBJECT = 100;

    @Override
    public void write(ReportInput input, Writer out) throws IOException {
        StringBuilder text = new StringBuilder(heading(input));
        int left = 0;
        for (int i = 0; i < input.matrix().commits().size(); i++) {
            String part = commit(input, input.summary().commit(i));
            if (text.length() + part.length() > MOST) {
                left += part.isEmpty() ? 0 : 1;
            } else {
                text.append(part);
            }
        }
        if (left > 0) {
            text.append("\n… and ").append(left).append(" more commits with changes: see the whole summary.\n");
        }
        out.write(text.toString());
        out.flush();
    }

    private static String heading(ReportInput input) {
        int commits = input.matrix().commits().size();
        List<Board> boards = input.matrix().boards();
        Map<String, Integer> counts = new LinkedHashMap<>();
        List.of("failed", "warning", "ok", "damaged", "not-built").forEach(word -> counts.put(word, 0));
        for (Board board : boards) {
            if (commits > 0) {
                counts.merge(ReportInput.outcome(input.matrix().cell(commits - 1, board.target())), 1, Integer::sum);
            }
        }
        List<String> parts = new ArrayList<>();
        counts.forEach((word, count) -> {
            if (count > 0 || word.equals("ok")) {
                parts.add(count + " " + word.replace('-', ' '));
            }
        });
        String of = input.matrix().current() ? "the current source" : commits == 1 ? "1 commit" : commits + " commits";
        String at = commits > 1 ? " at the last commit" : "";
        return "### " + sign(counts) + " " + boards.size() + (boards.size() == 1 ? " board, " : " boards, ") + of
                + "\n\n**" + String.join(", ", parts) + "**" + at + ".\n";
    }

    private static String sign(Map<String, Integer> counts) {
        if (counts.getOrDefault("failed", 0) > 0) {
            return "❌";
        }
        boolean isWell = counts.getOrDefault("ok", 0) > 0
                && counts.values().stream().filter(n -> n > 0).count() == 1;
        return isWell ? "✅" : "⚠️";
    }

    private static String commit(ReportInput input, CommitChanges changes) {
        StringBuilder text = new StringBuilder();
        boards(text, "❌ broken", changes.boards(Change.BROKEN));
        boards(text, "⚠️ now warning", changes.boards(Change.WARNS));
        boards(text, "✅ fixed", changes.boards(Change.FIXED));
        boards(text, "likely flake", changes.flakes());
        input.summary().confirmed(changes.index()).forEach(group -> boards(text, group.label(), group.boards()));
        boards(text, "damaged results", List.copyOf(changes.damaged().keySet()));
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        Map<String, String> reasons = input.leftOut(changes.index());
        changes.unknown().forEach(board -> {
            String reason = reasons.get(board);
            if (reason != null) {
                byReason.computeIfAbsent(reason, r -> new ArrayList<>()).add(board);
            }
        });
        byReason.forEach((reason, boards) -> boards(text, "not built, " + code(reason, MOST_LINE), boards));
        List<DiagnosticChange> came = changes.diagnostics(DiagnosticChange.Kind.ADDED).stream()
                .filter(c -> !c.diagnostic().consequence() && c.diagnostic().severity() != Severity.MISSING_BLOB)
                .sorted(java.util.Comparator.comparing(c -> c.diagnostic().severity() == Severity.WARNING))
                .toList();
        diagnostics(text, came);
        if (text.isEmpty()) {
            return "";
        }
        if (input.matrix().current()) {
            return "\n" + text;
        }
        String hash = Words.shortHash(changes.commit().hash());
        return "\n#### " + (hash.isEmpty() ? "" : code(hash, MOST_LINE) + " ")
                + code(changes.commit().subject(), MOST_SUBJECT) + "\n\n" + text;
    }

    private static void boards(StringBuilder text, String what, List<String> boards) {
        if (boards.isEmpty()) {
            return;
        }
        text.append("- ").append(what).append(" (").append(boards.size()).append("):");
        boards.stream().limit(MOST_BOARDS).forEach(board -> text.append(' ').append(code(board, MOST_LINE)));
        if (boards.size() > MOST_BOARDS) {
            text.append(" and ").append(boards.size() - MOST_BOARDS).append(" more");
        }
        text.append('\n');
    }

    private static void diagnostics(StringBuilder text, List<DiagnosticChange> came) {
        if (came.isEmpty()) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        for (DiagnosticChange change : came.subList(0, Math.min(came.size(), MOST_DIAGNOSTICS))) {
            change.diagnostic().lines().stream()
                    .limit(MOST_LINES)
                    .forEach(line -> lines.append(Words.cut(Printable.line(line), MOST_LINE))
                            .append('\n'));
            lines.append("  (")
                    .append(Words.names(change.boards(), MOST_BOARDS))
                    .append(")\n");
        }
        String fence = "`".repeat(Math.max(3, longestTicks(lines) + 1));
        text.append("\n<details><summary>")
                .append(came.size() == 1 ? "1 new error or warning" : came.size() + " new errors and warnings")
                .append(came.size() > MOST_DIAGNOSTICS ? ", the first " + MOST_DIAGNOSTICS : "")
                .append("</summary>\n\n")
                .append(fence)
                .append("text\n")
                .append(lines)
                .append(fence)
                .append("\n\n</details>\n");
    }

    /** A code span, whose content is shown as it is, on one line. */
    static String code(String text, int most) {
        String line = Words.cut(Printable.line(text), most);
        if (line.isBlank()) {
            return "` `";
        }
        String ticks = "`".repeat(longestTicks(line) + 1);
        String pad = ticks.length() > 1 || line.startsWith(" ") ? " " : "";
        return ticks + pad + line + pad + ticks;
    }

    private static int longestTicks(CharSequence text) {
        int longest = 0;
        int here = 0;
        for (int i = 0; i < text.length(); i++) {
            here = text.charAt(i) == '`' ? here + 1 : 0;
            longest = Math.max(longest, here);
        }
        return longest;
    }
}
