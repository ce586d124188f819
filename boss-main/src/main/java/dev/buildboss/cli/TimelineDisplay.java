package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.report.timeline.Slice;
import dev.buildboss.report.timeline.TimelineFile;
import dev.buildboss.report.timeline.TimelineRecorder;
import dev.buildboss.report.timeline.TraceFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Keeps who built what when, beside the results and in a trace, and shows the run by another display. */
final class TimelineDisplay extends ForwardingDisplay implements AutoCloseable {

    private final LongSupplier nanoTime;
    private final TimelineFile file;
    private final TimelineRecorder recorder = new TimelineRecorder(this::keep);
    private final long began;
    private Optional<TraceFile> trace;

    TimelineDisplay(Display shown, LongSupplier nanoTime, TimelineFile file, Optional<TraceFile> trace) {
        super(shown);
        this.nanoTime = nanoTime;
        this.file = file;
        this.trace = trace;
        this.began = nanoTime.getAsLong();
    }

    private void keep(Slice slice) {
        file.add(slice);
        try {
            if (trace.isPresent()) {
                trace.get().add(slice);
            }
        } catch (IOException e) {
            trace = Optional.empty();
            shown.note("the trace ends here: " + e.getMessage());
        }
    }

    /** Ends the files. */
    @Override
    public void close() {
        file.close();
        try {
            if (trace.isPresent()) {
                trace.get().close();
            }
        } catch (IOException e) {
            shown.note("the trace has no end: " + e.getMessage());
        }
    }

    @Override
    public void event(BuildEvent event) {
        recorder.event(Duration.ofNanos(nanoTime.getAsLong() - began).toMillis(), event);
        shown.event(event);
    }
}
