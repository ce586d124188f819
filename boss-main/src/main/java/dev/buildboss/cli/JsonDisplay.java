package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import java.io.PrintStream;

/** Shows a run to a program: one JSON object a line on standard output; everything else goes to standard error. */
final class JsonDisplay implements Display {

    private final PrintStream out;
    private final PrintStream err;

    JsonDisplay(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void event(BuildEvent event) {
        out.print(EventJson.line(event) + "\n");
        out.flush();
    }

    @Override
    public void tick() {
        // programs get every event as it comes
    }

    @Override
    public void note(String line) {
        err.println(dev.buildboss.text.Printable.line(line));
    }

    @Override
    public void end(BuildRequest request, BuildReport report, boolean warningsAreFine) {
        err.println(EventWords.completed(report));
    }
}
