package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.forecast.Forecast;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Cell;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Adds to a run's events when it will end, for the display that shows it: now and then, and not at every event. */
final class ForecastDisplay extends ForwardingDisplay {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final LearntEstimates estimates;
    private final Supplier<Set<Cell>> there;
    private final LongSupplier nanoTime;
    private final long begun;
    private Optional<Forecast> forecast = Optional.empty();
    private long lastMs;

    /**
     * A display in front of another.
     *
     * @param there which cells have a result that counts; asked for when the run has begun
     */
    ForecastDisplay(Display shown, LearntEstimates estimates, Supplier<Set<Cell>> there, LongSupplier nanoTime) {
        super(shown);
        this.estimates = estimates;
        this.there = there;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.lastMs = -INTERVAL.toMillis();
    }

    private long nowMs() {
        return Duration.ofNanos(nanoTime.getAsLong() - begun).toMillis();
    }

    @Override
    public void event(BuildEvent event) {
        long nowMs = nowMs();
        if (event instanceof BuildEvent.RunStarted started && started.previous() < started.total()) {
            forecast = Optional.of(new Forecast(estimates, there.get()));
        }
        forecast.ifPresent(one -> one.event(event, nowMs));
        shown.event(event);
        if (!(event instanceof BuildEvent.RunEnded)) {
            tell(nowMs);
        }
    }

    private void tell(long nowMs) {
        if (nowMs - lastMs >= INTERVAL.toMillis()) {
            forecast.flatMap(one -> one.eta(nowMs)).ifPresent(eta -> {
                lastMs = nowMs;
                shown.event(eta);
            });
        }
    }

    @Override
    public void tick() {
        tell(nowMs());
        shown.tick();
    }
}
