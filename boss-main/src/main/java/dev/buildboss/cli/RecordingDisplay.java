package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.history.Build;
import dev.buildboss.history.History;
import dev.buildboss.history.HistoryException;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.history.Stopwatch;
import dev.buildboss.settings.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how long builds take while another display shows them. What can't be written is said once, and no build suffers from it;
 * a boss that is killed loses the last two seconds. While another boss has the file, what there is to write waits here.
 */
final class RecordingDisplay extends ForwardingDisplay implements AutoCloseable {

    private static final int MOST_PENDING = 64;
    private static final Duration PENDING = Duration.ofSeconds(2);

    /** After how long a file that was busy is tried again: each try may take the history's busy timeout. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    /** What is kept for that, the latest. */
    static final int MOST_KEPT = 10_000;

    private final Settings.History settings;
    private final Path file;
    private final Stopwatch stopwatch;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final Deque<Build> pending = new ArrayDeque<>();
    private @Nullable History history;
    private boolean failed;
    private boolean isBusy;
    private boolean isBusyTold;
    private boolean isPruned;
    private int lost;
    private long flushedNs;

    RecordingDisplay(
            Display shown,
            Settings.History settings,
            Path home,
            BuildRequest request,
            LongSupplier nanoTime,
            Clock clock) {
        super(shown);
        this.settings = settings;
        this.file = file(settings, home);
        this.stopwatch = new Stopwatch(request.boards());
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.flushedNs = nanoTime.getAsLong();
    }

    /** Where the history is. */
    static Path file(Settings.History settings, Path home) {
        return settings.file().startsWith("~/") ? home.resolve(settings.file().substring(2)) : Path.of(settings.file());
    }

    /** What the cells of that request are expected to cost, from the history as far as it can be read. */
    LearntEstimates estimates(BuildRequest request) {
        try {
            return RunCosts.of(history(), request, clock.instant().getEpochSecond());
        } catch (HistoryException e) {
            fail(e);
            return RunCosts.withoutHistory(request);
        }
    }

    @Override
    public void event(BuildEvent event) {
        shown.event(event);
        stopwatch
                .event(event, nanoTime.getAsLong(), clock.instant().getEpochSecond())
                .ifPresent(this::keep);
        flushIfDue();
    }

    @Override
    public void tick() {
        shown.tick();
        flushIfDue();
    }

    @Override
    public void end(BuildRequest request, BuildReport report, boolean warningsAreFine) {
        flush();
        shown.end(request, report, warningsAreFine);
    }

    private void keep(Build build) {
        if (failed) {
            return;
        }
        pending.add(build);
        if (pending.size() > MOST_KEPT) {
            pending.remove();
            lost++;
        }
    }

    private void flushIfDue() {
        long passedNs = nanoTime.getAsLong() - flushedNs;
        boolean many = pending.size() >= MOST_PENDING;
        if (isBusy ? passedNs >= AGAIN.toNanos() : many || passedNs >= PENDING.toNanos()) {
            flush();
        }
    }

    private void flush() {
        if (!failed && !(pending.isEmpty() && isPruned)) {
            try {
                write(history());
                isBusy = false;
            } catch (HistoryException e) {
                fail(e);
            }
        }
        flushedNs = nanoTime.getAsLong();
    }

    private void write(History open) {
        if (!pending.isEmpty()) {
            open.add(List.copyOf(pending));
            pending.clear();
        }
        isPruned = isPruned || open.prune(clock.instant(), settings.keep()) == 0;
    }

    private History history() {
        History open = history == null ? History.open(file, settings.busyTimeout()) : history;
        history = open;
        return open;
    }

    private void fail(HistoryException why) {
        if (!why.isBusy()) {
            failed = true;
            pending.clear();
            shown.note(why.getMessage() + "; this run's durations are not kept");
            return;
        }
        isBusy = true;
        if (!isBusyTold) {
            isBusyTold = true;
            shown.note(why.getMessage() + "; it is tried again every " + AGAIN.toSeconds() + " s");
        }
    }

    /** Writes the rest. */
    @Override
    public void close() {
        flush();
        lost += pending.size();
        if (lost > 0) {
            shown.note(lost + (lost == 1 ? " duration was" : " durations were")
                    + " not kept: the history of builds was busy");
        }
        History open = history;
        if (open != null) {
            open.close();
        }
    }
}
