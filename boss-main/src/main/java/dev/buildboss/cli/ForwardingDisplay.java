package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;

/** Looks on at a run and passes all of it to another display; who extends it says only what it does besides. */
abstract class ForwardingDisplay implements Display {

    /** The display behind this one. */
    final Display shown;

    ForwardingDisplay(Display shown) {
        this.shown = shown;
    }

    @Override
    public void event(BuildEvent event) {
        shown.event(event);
    }

    @Override
    public void tick() {
        shown.tick();
    }

    @Override
    public void note(String line) {
        shown.note(line);
    }

    @Override
    public void end(BuildRequest request, BuildReport report, boolean warningsAreFine) {
        shown.end(request, report, warningsAreFine);
    }
}
