package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.forecast.Forecast;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Adds to a run's events when it will end, for the display that shows it: now and then, and not at every event. */
final class ForecastDisplay extends ForwardingDisplay {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Forecast forecast;
    private final LongSupplier nanoTime;
    private final long begun;
    private long lastMs;

    ForecastDisplay(Display shown, Forecast forecast, LongSupplier nanoTime) {
        super(shown);
        this.forecast = forecast;
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
        forecast.event(event, nowMs);
        shown.event(event);
        if (!(event instanceof BuildEvent.RunEnded)) {
            tell(nowMs);
        }
    }

    private void tell(long nowMs) {
        if (nowMs - lastMs >= INTERVAL.toMillis()) {
            forecast.eta(nowMs).ifPresent(eta -> {
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
