package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import java.util.ArrayList;
import java.util.List;

/** A screen that keeps what it is shown. */
final class KeepingDisplay implements Display {

    final List<BuildEvent> events = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    @Override
    public void event(BuildEvent event) {
        events.add(event);
    }

    @Override
    public void tick() {}

    @Override
    public void note(String line) {
        notes.add(line);
    }

    @Override
    public void end(BuildRequest request, BuildReport report, boolean warningsAreFine) {}
}
