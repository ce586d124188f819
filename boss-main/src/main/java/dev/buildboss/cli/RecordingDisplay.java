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
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how long builds take while another display shows them. What can't be written is said once, and no build suffers from it;
 * a boss that is killed loses the last two seconds.
 */
final class RecordingDisplay extends ForwardingDisplay implements AutoCloseable {

    private static final int MOST_PENDING = 64;
    private static final Duration PENDING = Duration.ofSeconds(2);

    private final Settings.History settings;
    private final Path file;
    private final Stopwatch stopwatch;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final List<Build> pending = new ArrayList<>();
    private @Nullable History history;
    private boolean failed;
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
        History open = history();
        if (open != null) {
            try {
                return RunCosts.of(open, request, clock.instant().getEpochSecond());
            } catch (HistoryException e) {
                fail(e);
            }
        }
        return RunCosts.withoutHistory(request);
    }

    @Override
    public void event(BuildEvent event) {
        shown.event(event);
        stopwatch
                .event(event, nanoTime.getAsLong(), clock.instant().getEpochSecond())
                .ifPresent(pending::add);
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

    private void flushIfDue() {
        if (pending.size() >= MOST_PENDING || nanoTime.getAsLong() - flushedNs >= PENDING.toNanos()) {
            flush();
        }
    }

    private void flush() {
        flushedNs = nanoTime.getAsLong();
        if (pending.isEmpty() || failed) {
            pending.clear();
            return;
        }
        History open = history();
        if (open != null) {
            try {
                open.add(pending);
            } catch (HistoryException e) {
                fail(e);
            }
        }
        pending.clear();
    }

    private @Nullable History history() {
        if (history == null && !failed) {
            try {
                history = History.open(file);
                history.prune(clock.instant(), settings.keep());
            } catch (HistoryException e) {
                fail(e);
            }
        }
        return history;
    }

    private void fail(HistoryException why) {
        failed = true;
        shown.note(why.getMessage() + "; this run's durations are not kept");
    }

    /** Writes the rest. */
    @Override
    public void close() {
        flush();
        History open = history;
        if (open != null) {
            open.close();
        }
    }
}
