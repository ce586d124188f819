package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.report.Verdict;
import dev.buildboss.text.Printable;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Shows a run to a person: on a terminal one line that is rewritten in place, elsewhere a line for each failure and a status
 * line every ten seconds, so that a log stays short and still tells that the build lives.
 */
final class PersonDisplay implements Display {

    private final Set<CellOutcome.Reason> reasonsTold = EnumSet.noneOf(CellOutcome.Reason.class);
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration REDRAW_INTERVAL = Duration.ofMillis(100);
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final Screen screen;
    private final Style style;
    private final boolean verbose;
    private final BuildRequest request;
    private final LongSupplier nanoTime;
    private final Tally tally = new Tally();
    private final Set<String> waitedFor = new HashSet<>();
    private final long begun;
    private long lastShown;
    private String shown = "";
    private boolean running;

    /**
     * A display.
     *
     * @param verbose errors and warnings are shown as they come
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    PersonDisplay(PrintStream out, Screen screen, boolean verbose, BuildRequest request, LongSupplier nanoTime) {
        this.out = out;
        this.screen = screen;
        this.style = new Style(screen.colours());
        this.verbose = verbose;
        this.request = request;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.lastShown = begun;
    }

    @Override
    public void event(BuildEvent event) {
        tally.add(event);
        if (event instanceof BuildEvent.RunStarted started) {
            line(EventWords.first(started));
            if (!started.machines().isEmpty()) {
                line("Machines: " + Printable.line(String.join(", ", started.machines())));
            }
            running = true;
        } else if (event instanceof BuildEvent.CellDone done) {
            cell(done);
        } else if (event instanceof BuildEvent.Notice notice) {
            line(prefix(notice.machine()) + Printable.line(notice.text()));
        } else if (event instanceof BuildEvent.FailureDoubted doubted) {
            line(style.yellow(EventWords.doubted(doubted, request)));
        } else if (event instanceof BuildEvent.FailureConfirmed confirmed) {
            line(style.yellow(EventWords.confirmed(confirmed, request)));
        } else if (event instanceof BuildEvent.BoardRequeued back) {
            line(style.yellow(Printable.line(
                    back.board() + ": back in the queue, " + back.machine() + " was lost (" + back.reason() + ")")));
        } else if (event instanceof BuildEvent.MachineChanged changed) {
            machine(changed);
        } else if (event instanceof BuildEvent.MachinesVerified check) {
            EventWords.verified(check).forEach(text -> line(check.odd().isEmpty() ? text : style.yellow(text)));
        } else if (event instanceof BuildEvent.Missed missed) {
            line("(" + missed.events() + " events were not shown: the output is too slow)");
        } else if (event instanceof BuildEvent.RunEnded) {
            running = false;
        }
        redraw();
    }

    private void machine(BuildEvent.MachineChanged changed) {
        String name = Printable.line(changed.machine());
        if (changed.state() == BuildEvent.MachineState.BUSY && waitedFor.add(changed.machine())) {
            line(style.yellow(name + ": " + Printable.line(changed.detail()) + "; it joins when it is free"));
        } else if (changed.state() == BuildEvent.MachineState.BUILDING && waitedFor.remove(changed.machine())) {
            line(name + ": free now, builds");
        }
        if (changed.state() == BuildEvent.MachineState.LOST || changed.state() == BuildEvent.MachineState.UNAVAILABLE) {
            String what = changed.state() == BuildEvent.MachineState.LOST ? "lost" : "not used";
            line(style.yellow(
                    Printable.line(changed.machine()) + ": " + what + ": " + Printable.line(changed.detail())));
        }
    }

    /** The first cell that is not built for a reason says it; the others are in the verdict, in one line. */
    private boolean isNews(CellOutcome outcome) {
        return !(outcome instanceof CellOutcome.NotBuilt not) || reasonsTold.add(not.reason());
    }

    private void cell(BuildEvent.CellDone done) {
        boolean warns = done.outcome() instanceof Built built && built.kind() == Kind.WARNING;
        if (EventWords.isTrouble(done.outcome()) && isNews(done.outcome())) {
            line(style.red(EventWords.cell(done, request)));
        } else if (warns && verbose) {
            line(style.yellow(EventWords.cell(done, request)));
        }
        if (verbose && !done.errorText().isBlank()) {
            Printable.lines(done.errorText()).stripTrailing().lines().forEach(this::line);
        }
    }

    private static String prefix(String machine) {
        return machine.isEmpty() ? "" : "[" + Printable.line(machine) + "] ";
    }

    @Override
    public void tick() {
        redraw();
    }

    @Override
    public void note(String text) {
        line(Printable.line(text));
    }

    @Override
    public void end(BuildRequest ofRequest, BuildReport report, boolean warningsAreFine) {
        running = false;
        if (!report.interrupted() && report.previous() == report.outcomes().size()) {
            line("Nothing to build: all results are there (-f builds all again)");
        }
        line(EventWords.completed(report));
        EventWords.machines(report).forEach(this::line);
        Verdict.of(ofRequest, report).forEach(verdict -> line(style.toned(verdict.tone(), verdict.text())));
        report.internalErrors().forEach(error -> line("internal error: " + Printable.line(error)));
    }

    private Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - begun);
    }

    /** A line of its own, above the progress line. */
    private void line(String text) {
        out.print((shown.isEmpty() ? "" : CLEAR) + text + "\n");
        out.flush();
        shown = "";
    }

    private void redraw() {
        long now = nanoTime.getAsLong();
        if (!running) {
            return;
        }
        if (screen.rewrites()) {
            String next = ProgressLine.render(tally, elapsed(), screen.width().getAsInt() - 1, style);
            boolean due = now - lastShown >= REDRAW_INTERVAL.toNanos() || shown.isEmpty();
            if (due && !next.equals(shown)) {
                out.print(CLEAR + next);
                out.flush();
                shown = next;
                lastShown = now;
            }
        } else if (tally.remaining() > 0 && now - lastShown >= STATUS_INTERVAL.toNanos()) {
            line(ProgressLine.render(tally, elapsed(), Integer.MAX_VALUE, style).strip());
            lastShown = now;
        }
    }
}
