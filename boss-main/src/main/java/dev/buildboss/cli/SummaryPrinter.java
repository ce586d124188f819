package dev.buildboss.cli;

import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.format.ReportFormats;
import dev.buildboss.report.format.ReportInput;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

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
        Set<String> shown = new HashSet<>();
        boolean hasHeading = false;
        boolean said = false;
        while (true) {
            boolean busy = isBusy.getAsBoolean();
            // After that question, so that nothing is missed that came before its answer.
            Matrix matrix = options.filter(found.read());
            Ahead<Optional<RunRecord>> last = Ahead.of(() -> lastRun(found));
            Summary summary = new Summary(matrix);
            TextSummary text = new TextSummary(summary, options.shown(), Limits.DEFAULT);
            Expected expected = busy ? Expected.of(found) : Expected.NOTHING;
            if (!hasHeading && (!busy || !matrix.boards().isEmpty())) {
                out.println(text.heading(threads, expected.commits(), expected.boards()));
                hasHeading = true;
            }
            List<Integer> ready = hasHeading ? ready(matrix, shown, busy, expected) : List.of();
            Optional<RunRecord> run = last.get();
            for (int from = 0; from < ready.size(); from += AT_ONCE) {
                List<CommitChanges> changes =
                        ready.subList(from, Math.min(ready.size(), from + AT_ONCE)).parallelStream()
                                .map(summary::commit)
                                .toList();
                for (CommitChanges commit : changes) {
                    shown.add(commit.commit().hash());
                    said |= commit(matrix, commit, text, run);
                }
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

    /**
     * The commits to show next. While a build goes on, only those up to the first that lacks results. A directory's commits come in any
     * order: one before whose number others are missing waits for those.
     */
    private static List<Integer> ready(Matrix matrix, Set<String> shown, boolean busy, Expected expected) {
        List<Integer> ready = new ArrayList<>();
        int highest = 0;
        for (int i = 0; i < matrix.commits().size(); i++) {
            MatrixCommit commit = matrix.commits().get(i);
            int number = commit.dirNumber().orElse(highest);
            if (!shown.contains(commit.hash())) {
                boolean isNext = !expected.inDirectory() || number <= highest + 1;
                if (busy && !(isNext && isComplete(matrix, i, expected.boards()))) {
                    break;
                }
                ready.add(i);
            }
            highest = Math.max(highest, number);
        }
        return ready;
    }

    /**
     * What a run that goes on has said of itself.
     *
     * @param commits how many commits it builds; 0: as many as there are
     * @param boards how many boards it builds; 0: as many as there are
     * @param inDirectory whether commits appear as they are built
     */
    private record Expected(int commits, int boards, boolean inDirectory) {
        private static final Expected NOTHING = new Expected(0, 0, false);

        static Expected of(ResultsFinder.Found found) {
            boolean inDirectory = found.commits().isEmpty();
            List<RunRecord> runs = RunJournal.of(found.directory()).runs();
            if (runs.isEmpty()) {
                return new Expected(0, 0, inDirectory);
            }
            RunRecord run = runs.get(runs.size() - 1);
            return new Expected(inDirectory ? run.commits() : 0, found.chosen() ? 0 : run.boards(), inDirectory);
        }
    }

    private static Optional<RunRecord> lastRun(ResultsFinder.Found found) {
        return RunJournal.of(found.directory()).lastEnded();
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
