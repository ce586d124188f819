package dev.buildboss.cli;

import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.format.ReportFormats;
import dev.buildboss.report.format.ReportInput;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.RunJournal;
import dev.buildboss.report.results.RunRecord;
import dev.buildboss.report.summary.CommitChanges;
import dev.buildboss.report.summary.Summary;
import dev.buildboss.report.summary.TextLine;
import dev.buildboss.report.summary.TextSummary;
import dev.buildboss.report.timeline.Timeline;
import dev.buildboss.report.timeline.TimelineFile;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Prints the summary of results, at once or as they come. */
final class SummaryPrinter {

    private static final int SHOWN_RUNS = 5;
    private static final int MOST_SLICES = 50_000;
    /** Commits that are worked out side by side: what came and went at all of them may be more than there is memory for. */
    private static final int AT_ONCE = 8;
    /** Characters that are written at once: this stream writes at each line's end. */
    private static final int PIECE = 64 * 1024;

    private final Surroundings around;
    private final PrintStream out;
    private final Style style;
    private final SummaryOptions options;
    private final String threads;

    /**
     * A printer.
     *
     * @param local what a build here would use, for the heading
     */
    SummaryPrinter(Surroundings around, SummaryOptions options, Settings.Local local) {
        this.around = around;
        this.out = around.out();
        this.style = new Style(around.screen().colours());
        this.options = options;
        this.threads = local.enabled() ? threads(local) : "";
    }

    private static String threads(Settings.Local local) {
        int cpus = Runtime.getRuntime().availableProcessors();
        int slots = local.slots() > 0 ? local.slots() : cpus;
        return EventWords.threads(slots, local.jobs() > 0 ? local.jobs() : Math.max(1, cpus / slots));
    }

    /** Prints what is there now. */
    ExitStatus print(ResultsFinder.Found found, boolean warningsAreFine) {
        return show(found, () -> false, () -> {}, warningsAreFine);
    }

    /** Writes what is there now in a form for programs and pages; notes go to standard error. */
    ExitStatus report(ResultsFinder.Found found, ReportFormats form, ReportOptions report, boolean warningsAreFine) {
        found.notes().forEach(note -> around.err().println(Printable.line(note)));
        Matrix matrix = options.filter(found.read());
        matrix.problems().forEach(problem -> around.err().println(leftOut(problem)));
        Summary summary = new Summary(matrix);
        Optional<RunRecord> run = lastRun(found);
        List<Timeline> timelines = TimelineFile.read(found.directory(), SHOWN_RUNS, MOST_SLICES);
        report.write(form, new ReportInput(summary, run, timelines, Limits.DEFAULT), around);
        return summary.exitStatus(run.map(r -> leavesOut(r, matrix)).orElse(false), warningsAreFine);
    }

    /**
     * Prints each commit when all its boards have results, and the rest when nobody builds there any more.
     *
     * @param isBusy whether results may still come
     * @param pause waits a little
     */
    ExitStatus follow(ResultsFinder.Found found, BooleanSupplier isBusy, Runnable pause, boolean warningsAreFine) {
        // It was read before the first question whether anyone builds: what came in between would be missed.
        found.first().set(null);
        return show(found, isBusy, pause, warningsAreFine);
    }

    private ExitStatus show(
            ResultsFinder.Found found, BooleanSupplier isBusy, Runnable pause, boolean warningsAreFine) {
        found.notes().forEach(note -> out.println(Printable.line(note)));
        int printed = 0;
        boolean hasHeading = false;
        boolean said = false;
        while (true) {
            boolean busy = isBusy.getAsBoolean();
            // After that question, so that nothing is missed that came before its answer.
            Matrix matrix = options.filter(found.read());
            Ahead<Optional<RunRecord>> last = Ahead.of(() -> lastRun(found));
            Summary summary = new Summary(matrix);
            TextSummary text = new TextSummary(summary, options.shown(), Limits.DEFAULT);
            if (!hasHeading && (!busy || !matrix.boards().isEmpty())) {
                out.println(text.heading(threads));
                hasHeading = true;
            }
            int ready = printed;
            while (hasHeading
                    && ready < matrix.commits().size()
                    && (!busy || isComplete(matrix, ready, expected(found)))) {
                ready++;
            }
            Optional<RunRecord> run = last.get();
            while (printed < ready) {
                int next = Math.min(ready, printed + AT_ONCE);
                List<CommitChanges> changes = IntStream.range(printed, next)
                        .parallel()
                        .mapToObj(summary::commit)
                        .toList();
                for (CommitChanges commit : changes) {
                    said |= commit(matrix, commit, text, run);
                }
                printed = next;
            }
            out.flush();
            if (!busy) {
                for (String problem : matrix.problems()) {
                    out.println(style.yellow(leftOut(problem)));
                }
                if (!said) {
                    out.println("(nothing to report)");
                }
                out.flush();
                return summary.exitStatus(run.map(r -> leavesOut(r, matrix)).orElse(false), warningsAreFine);
            }
            pause.run();
        }
    }

    private static Optional<RunRecord> lastRun(ResultsFinder.Found found) {
        return RunJournal.of(found.directory()).lastEnded();
    }

    /** How many boards a build there is about; what a run that goes on has said of itself. */
    private static int expected(ResultsFinder.Found found) {
        List<RunRecord> runs = RunJournal.of(found.directory()).runs();
        return found.chosen() || runs.isEmpty() ? 0 : runs.get(runs.size() - 1).boards();
    }

    private static boolean isComplete(Matrix matrix, int commit, int expected) {
        long built = matrix.boards().stream()
                .filter(board -> matrix.cell(commit, board.target()).isBuilt())
                .count();
        return built == matrix.boards().size() && built >= expected;
    }

    private boolean commit(Matrix matrix, CommitChanges changes, TextSummary text, Optional<RunRecord> run) {
        Lines lines = new Lines();
        text.commit(changes, line -> lines.add(coloured(line)));
        run.ifPresent(r -> r.leftOut(matrix, changes.index())
                .forEach((reason, boards) -> lines.add(style.yellow(
                        "   not built, " + Printable.line(reason) + ": " + String.join(" ", new TreeSet<>(boards))))));
        lines.write();
        return lines.count > 1;
    }

    /** Lines on their way out, many at once. */
    private final class Lines {
        private final StringBuilder text = new StringBuilder();
        private int count;

        void add(String line) {
            text.append(line).append('\n');
            count++;
            if (text.length() >= PIECE) {
                write();
            }
        }

        void write() {
            out.print(text);
            text.setLength(0);
        }
    }

    /** How a summary says what it lacks. */
    static String leftOut(String problem) {
        return "left out: " + Printable.line(problem);
    }

    private static boolean leavesOut(RunRecord run, Matrix matrix) {
        for (int i = 0; i < matrix.commits().size(); i++) {
            if (!run.leftOut(matrix, i).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private String coloured(TextLine line) {
        StringBuilder text = new StringBuilder();
        line.pieces().forEach(piece -> text.append(style.toned(piece.tone(), piece.text())));
        return text.toString();
    }

    /** Whether a boss builds there. */
    static boolean isBusy(ResultsFinder.Found found) {
        return ResultStore.seemsInUseBy(found.directory()).isPresent();
    }
}
